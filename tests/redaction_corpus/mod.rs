//! Secrets planted in lines as real logs write them, and lines that hold none but look as if.

pub mod random;

use random::Random;

/// A text with what must not be left of it.
pub struct Planted {
    pub form: &'static str,
    pub text: String,
    pub secrets: Vec<String>,
}

type Form = (&'static str, fn(&mut Random) -> (String, Vec<String>));

macro_rules! form {
    ($name:literal, |$r:ident| $($binding:ident = $value:expr),+ ; $text:literal) => {
        ($name, |$r: &mut Random| {
            $(let $binding: String = $value;)+
            let text = format!($text);
            (text, vec![$($binding),+])
        })
    };
}

/// Forms and what each makes of chance.
pub const FORMS: &[Form] = &[
    ("PEM, PKCS #8", |r| {
        let lines: Vec<String> = (0..3).map(|_| r.base64(64)).collect();
        (
            format!(
                "writing key\n-----BEGIN PRIVATE KEY-----\nMIGTAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBHkwdwIBAQQg\n{}\n-----END PRIVATE KEY-----\nError: invalid_client",
                lines.join("\n")
            ),
            lines,
        )
    }),
    form!("PEM in an environment variable", |r| a = r.base64(64), b = r.base64(48); r#"APPLE_PRIVATE_KEY="-----BEGIN EC PRIVATE KEY-----\n{a}\n{b}\n-----END EC PRIVATE KEY-----\n" node server.js"#),
    ("JWT in a form body", |r| {
        let (team, sub) = (r.team(), r.bundle());
        let jwt =
            r.jwt(&format!(r#"{{"iss":"{team}","sub":"{sub}","aud":"https://appleid.apple.com","iat":1764000000,"exp":1764003600}}"#));
        (
            format!(
                "POST https://appleid.apple.com/auth/token client_secret={jwt}&grant_type=authorization_code -> 400 {{\"error\":\"invalid_client\"}}"
            ),
            vec![jwt],
        )
    }),
    ("JWT as an identity token", |r| {
        let subject = format!("{}.{}.{}", r.digits(6), r.hex(32), r.digits(4));
        let mail = r.email();
        let jwt = r.jwt(&format!(r#"{{"iss":"https://appleid.apple.com","aud":"com.example.app","sub":"{subject}","email":"{mail}"}}"#));
        (format!("identityToken: Optional(\"{jwt}\")"), vec![jwt])
    }),
    form!("bearer header", |r| a = r.base64url(40); "> Authorization: Bearer {a}"),
    form!("basic header in curl -v", |r| a = r.base64(32); "> GET /v1/notes HTTP/2\n> Host: api.example.com\n> authorization: Basic {a}\n> accept: */*"),
    form!("x-api-key", |r| a = r.alnum(32); "request headers: [\"Content-Type\": \"application/json\", \"X-API-Key\": \"{a}\"]"),
    form!("secret key of a payment service", |r| a = r.alnum(40); "using key sk_live_{a} for charges"),
    form!("token of a code host", |r| a = r.alnum(36); "git clone https://ghp_{a}@github.com/example/notes.git failed: exit 128"),
    form!("cloud access key", |r| a = r.alnum(16).to_uppercase(), b = r.base64(40); "AWS_ACCESS_KEY_ID=AKIA{a}\nAWS_SECRET_ACCESS_KEY={b}"),
    form!("chat token", |r| a = format!("{}-{}", r.digits(12), r.alnum(24)); "slack: post failed with xoxb-{a}"),
    form!("key of a map service", |r| a = r.alnum(35); "GMSServices provideAPIKey: AIza{a}"),
    form!("refresh token in JSON", |r| a = r.base64url(60), b = r.base64url(44); r#"{{"access_token":"{a}","token_type":"Bearer","expires_in":3600,"refresh_token":"{b}"}}"#),
    form!("authorization code of Sign in with Apple", |r| a = format!("c{}.0.s{}.{}", r.hex(32), r.lower(3), r.base64url(22)); "code={a}&grant_type=authorization_code"),
    form!("authorization code in a callback", |r| a = r.base64url(48); "GET /auth/callback?code={a}&state=ok HTTP/1.1\" 302"),
    form!("code verifier", |r| a = r.base64url(43); "token request: code_verifier={a} grant_type=authorization_code -> invalid_grant"),
    form!("notarytool", |r| mail = r.email(), password = format!("{}-{}-{}-{}", r.lower(4), r.lower(4), r.lower(4), r.lower(4)), team = r.team(); "$ xcrun notarytool submit Notes.zip --apple-id {mail} --password {password} --team-id {team} --wait"),
    form!("altool", |r| mail = r.email(), password = format!("{}-{}-{}-{}", r.lower(4), r.lower(4), r.lower(4), r.lower(4)); "xcrun altool --validate-app -f Notes.ipa -t ios -u {mail} -p {password}"),
    form!("unlock-keychain", |r| password = r.password(); "+ security unlock-keychain -p '{password}' build.keychain"),
    form!("set-key-partition-list", |r| password = r.alnum(16); "security set-key-partition-list -S apple-tool:,apple: -s -k {password} login.keychain-db"),
    form!("import of a PKCS #12", |r| password = r.password(); "security import dist.p12 -k build.keychain -P \"{password}\" -T /usr/bin/codesign"),
    form!("curl -u", |r| user = r.user(), password = r.password(); "curl -s -u {user}:{password} https://builds.example.com/latest"),
    form!("password in a URL", |r| user = r.user(), password = r.alnum(14), host = r.domain(); "fatal: unable to access 'https://{user}:{password}@git.{host}/notes.git/': 403"),
    form!("password in an environment", |r| a = r.password(), b = r.password(); "FASTLANE_PASSWORD={a}\nMATCH_PASSWORD={b}\n[10:00:00]: Error: invalid credentials"),
    form!("password in JSON", |r| password = r.password(); r#"body: {{"username":"*","password":"{password}"}} status 401"#),
    form!("client secret in YAML", |r| a = r.base64url(32); "oauth:\n  client_secret: \"{a}\"\n  redirect_uri: https://example.com/cb"),
    form!("cookie", |r| a = r.alnum(32), b = r.hex(24); "Cookie: session_id={a}; csrftoken={b}; theme=dark"),
    form!("set-cookie", |r| a = r.base64url(40); "< Set-Cookie: connect.sid=s%3A{a}; Path=/; HttpOnly; SameSite=Lax"),
    form!("e-mail in prose", |r| mail = r.email(); "The tester {mail} gets ASAuthorizationError 1001 each time."),
    form!("relay address", |r| local = format!("{}{}", r.lower(6), r.digits(4)); "email = {local}@privaterelay.appleid.com; is_private_email = 1"),
    form!("e-mail in a URL", |r| user = r.user(), host = r.domain(); "GET https://api.example.com/users?mail={user}%40{host} 404"),
    form!("DSID", |r| a = r.digits(11); "akd[310]: AKAccountManager: looking up account with DSID: {a}"),
    form!("alternate DSID", |r| a = format!("{}-05-{}", r.digits(6), r.uuid()); "[com.apple.AuthKit:core] altDSID={a} error -7026"),
    form!("subject of Sign in with Apple", |r| a = format!("{}.{}.{}", r.digits(6), r.hex(32), r.digits(4)); "ASAuthorizationAppleIDCredential user: {a}"),
    form!("user in a path", |r| user = r.user(); "error: No signing certificate found (in target 'Notes' from project '/Users/{user}/src/Notes/Notes.xcodeproj')"),
    form!("user in a path of Windows", |r| user = r.user(); r"C:\Users\{user}\AppData\Local\Temp\cert.p12: error 0x80092002"),
    form!("user in a path of Linux", |r| user = r.user(); "verify: reading /home/{user}/keys/AuthKey.p8: permission denied"),
    form!("user in DerivedData", |r| user = r.user(); "    /usr/bin/codesign --force --sign - /Users/{user}/Library/Developer/Xcode/DerivedData/Notes-abc/Build/Products/Debug/Notes.app"),
    form!("home in an environment", |r| user = r.word(); "HOME=/Users/{user}\nUSER={user}\nSHELL=/bin/zsh"),
    form!("listing", |r| user = r.word(); "-rw-------  1 {user}  staff  241 Nov 22 10:00 AuthKey.p8"),
    form!("prompt", |r| user = r.word(), person = r.name(); "{user}@{person}s-MacBook-Pro ~ % security find-identity -v -p codesigning"),
    form!("signing identity of a person", |r| first = r.name(), last = r.name(), team = r.team(); "  1) 0123456789ABCDEF0123456789ABCDEF01234567 \"Apple Development: {first} {last} ({team})\""),
    form!("signing identity of a company", |r| company = r.name(), team = r.team(); "Authority=Developer ID Application: {company} GmbH ({team})\nAuthority=Developer ID Certification Authority\nAuthority=Apple Root CA"),
    form!("name from Sign in with Apple", |r| first = r.name(), last = r.name(); "fullName: Optional(givenName: {first} familyName: {last} )"),
    form!("names in JSON", |r| first = r.name(), last = r.name(); r#"user={{"name":{{"firstName":"{first}","lastName":"{last}"}}}}"#),
    form!("author of a commit", |r| first = r.name(), last = r.name(), mail = r.email(); "Author: {first} {last} <{mail}>"),
    form!("telephone number", |r| a = format!("+49 171 {}", r.digits(7)); "trusted number {a} did not get the code"),
    form!("telephone number, written solid", |r| a = format!("+1415{}", r.digits(7)); "[SMS] verification to {a} failed with -7012"),
    form!("host in a URL", |r| host = r.domain(); "Task <A>.<1> finished with error [-1202] https://api.{host}/v1/login NSURLErrorDomain"),
    form!("host that NSURLSession tells", |r| host = r.domain(); "NSErrorFailingURLStringKey=https://{host}/.well-known/apple-app-site-association, NSLocalizedDescription=The certificate for this server is invalid."),
    form!("associated domain", |r| host = r.domain(), other = r.domain(); "<array><string>applinks:{host}</string><string>webcredentials:www.{other}?mode=developer</string></array>"),
    form!("relying party", |r| host = r.domain(); "Application with identifier is not associated with domain {host}"),
    form!("host of a syslog line", |r| person = r.name(); "Nov 22 10:00:01 {person}s-MBP secd[231]: [com.apple.securityd:item] copy_matching -25300"),
    form!("name in the local network", |r| name = r.word(); "mDNSResponder: query for {name}.local. timed out"),
    form!("IPv4 with a port", |r| a = r.v4(); "nw_socket_handle_socket_event [C1.1:3] Socket SO_ERROR [61: Connection refused] {a}:443"),
    form!("IPv4 of a client", |r| a = r.v4(); "{a} - - [22/Nov/2026:10:00:00 +0000] \"POST /auth/apple HTTP/1.1\" 500 91"),
    form!("IPv4 in a sentence", |r| a = r.v4(); "connection to host {a} was refused, error -1004"),
    form!("IPv6", |r| a = r.v6(); "nw_endpoint_flow_failed_with_error [C2 {a}.443 in_progress] failed: 65"),
    form!("IPv6 in brackets", |r| a = r.v6(); "connect to [{a}]:443 failed: No route to host"),
    form!("hardware address", |r| a = format!("{}:{}:{}:{}:{}:{}", r.hex(2), r.hex(2), r.hex(2), r.hex(2), r.hex(2), "a7"); "en0: ether {a}"),
    form!("device of a person", |r| person = r.name(); "Unable to install \"Notes\" on {person}'s iPhone: error 0xe8008015"),
    form!("device of a person, typographic", |r| person = r.name(); "Connecting to {person}’s iPad (2)"),
    form!("device of a person, German", |r| person = r.name(); "xcodebuild: error: Timed out waiting for iPhone von {person}"),
    form!("computer name", |r| name = r.word(); "ComputerName : {name} studio box\nLocalHostName: {name}-box"),
    form!("destination of xcodebuild", |r| name = r.word(), udid = format!("00008{}-{}", r.digits(3), r.upper_hex(16)); "{{ platform:iOS, arch:arm64, id:{udid}, name:{name} phone }}"),
    form!("UDID of a new device", |r| udid = format!("00008{}-{}", r.digits(3), r.upper_hex(16)); "Device {udid} is not registered to team (in target 'Notes')"),
    form!("UDID of an old device", |r| udid = r.hex(40); "ideviceinfo: no device found with UDID {udid}"),
    form!("devices of a profile", |r| a = r.hex(40), b = format!("00008{}-{}", r.digits(3), r.upper_hex(16)); "\t<key>ProvisionedDevices</key>\n\t<array>\n\t\t<string>{a}</string>\n\t\t<string>{b}</string>\n\t</array>"),
    form!("ECID", |r| a = r.upper_hex(13); "ApChipID: 33056 ECID: 0x{a} restore failed 4014"),
    form!("serial number of ioreg", |r| a = r.serial(); "    \"IOPlatformSerialNumber\" = \"{a}\""),
    form!("serial number of system_profiler", |r| a = r.serial(); "      Serial Number (system): {a}"),
    form!("IMEI", |r| a = r.digits(15); "IMEI: {a} MEID absent"),
    form!("team of codesign", |r| team = r.team(); "Identifier=com.example.app\nFormat=app bundle with Mach-O thin (arm64)\nTeamIdentifier={team}\nSealed Resources version=2"),
    form!("team in entitlements", |r| team = r.team(), bundle = r.bundle(); "<key>application-identifier</key>\n<string>{team}.{bundle}</string>\n<key>keychain-access-groups</key>\n<array><string>{team}.*</string></array>"),
    form!("team of build settings", |r| team = r.team(), bundle = r.bundle(); "    DEVELOPMENT_TEAM = {team}\n    PRODUCT_BUNDLE_IDENTIFIER = {bundle}"),
    form!("team of a requirement", |r| team = r.team(), bundle = r.bundle(); "designated => identifier \"{bundle}\" and anchor apple generic and certificate leaf[subject.OU] = {team}"),
    form!("team that issued a token", |r| team = r.team(), kid = r.team(); r#"header {{"alg":"ES256","kid":"{kid}"}} claims {{"iss":"{team}","aud":"https://appleid.apple.com"}} -> invalid_client"#),
    form!("key file", |r| kid = r.team(); "ENOENT: no such file or directory, open 'keys/AuthKey_{kid}.p8'"),
    form!("bundle in brackets of runningboard", |r| bundle = r.bundle(); "runningboardd: Acquiring assertion targeting [app<{bundle}>:512]"),
    form!("bundle of TCC", |r| bundle = r.bundle(); "AttributionChain: accessing={{TCCDProcess: identifier={bundle}, pid=512, auid=501, euid=501, binary_path=/Applications/Notes.app/Contents/MacOS/Notes}}, "),
    form!("bundle of a container", |r| bundle = r.bundle(); "Sandbox: Notes(512) deny(1) file-read-data /Users/Shared/x; container ~/Library/Containers/{bundle}/Data"),
    form!("app group", |r| bundle = r.bundle(); "container_create_or_lookup_app_group_path_by_app_group_identifier: client is not entitled, group.{bundle}"),
    form!("iCloud container", |r| bundle = r.bundle(); "CKError 0x600: \"Bad Container\" (5/1014); server message = \"Couldn't get container configuration\" iCloud.{bundle}"),
    form!("bundle in the log's subsystem", |r| bundle = r.bundle(); "2026-11-22 10:00:00.123456+0100 Notes[512:1a2b3] [{bundle}:sync] SecItemAdd failed -34018"),
    form!("association file", |r| team = r.team(), bundle = r.bundle(); r#"{{"applinks":{{"details":[{{"appIDs":["{team}.{bundle}"],"components":[{{"/":"*"}}]}}]}}}}"#),
    form!("keychain data as NSData", |r| a = r.hex(32); "kSecValueData = {{length = 16, bytes = 0x{a}}};\n    svce = tokens;"),
    form!("keychain data in a dictionary", |r| a = r.hex(40); "    \"v_Data\" = <{a}>;\n    pdmn = ak;"),
    form!("security find-generic-password", |r| a = r.password(); "    \"svce\"<blob>=\"Notes\"\npassword: \"{a}\""),
    form!("push token", |r| a = r.hex(64); "didRegisterForRemoteNotificationsWithDeviceToken: device token {a}"),
    form!("push token, old form", |r| a = (0..8).map(|_| r.hex(8)).collect::<Vec<_>>().join(" "); "deviceToken = <{a}>"),
    form!("UUID of a container", |r| uuid = r.uuid().to_uppercase(); "/private/var/mobile/Containers/Data/Application/{uuid}/Documents/x: Operation not permitted"),
    form!("UUID of an issuer", |r| uuid = r.uuid(); "xcrun altool --apiKey XXXXXXXXXX --apiIssuer {uuid}"),
    form!("UUID of a request", |r| uuid = r.uuid(); "\"RequestUUID\": \"{uuid}\", \"status\": \"Invalid\""),
    form!("subject of a certificate", |r| company = r.name(), team = r.team(), user = r.team(); "subject=UID={user}, CN=Apple Distribution: {company} Ltd ({team}), OU={team}, O={company} Ltd, C=GB"),
    form!("cookie in a dictionary", |r| a = r.alnum(26); "headers = [\"Accept\": \"*/*\", \"Cookie\": \"sid={a}\"]"),
];

/// Values of every form, `times` of each.
pub fn planted(random: &mut Random, times: usize) -> Vec<Planted> {
    let mut all = Vec::new();
    for _ in 0..times {
        for (form, make) in FORMS {
            let (text, secrets) = make(random);
            all.push(Planted { form, text, secrets });
        }
    }
    all
}

/// Lines without a secret, of which no byte may change. `#` is a digit, `@` a hexadecimal digit of chance.
pub const DECOYS: &[&str] = &[
    "2026-11-22 10:00:##.###### Notes[####:@@@@@] [App] SecItemCopyMatching failed: -25300 (errSecItemNotFound)",
    "Error Domain=NSOSStatusErrorDomain Code=-34018 \"A required entitlement isn't present.\" UserInfo={numberOfErrorsDeep=0}",
    "Error Domain=com.apple.AuthenticationServices.AuthorizationError Code=1001 \"(null)\"",
    "The application could not be installed: 0xe8008015 (A valid provisioning profile for this executable was not found.)",
    "Error Domain=AKAuthenticationError Code=-7026 \"(null)\" UserInfo={AKClientBundleID=com.apple.Preferences}",
    "password: incorrect; SecKeychainUnlock -25293 errSecAuthFailed",
    "code = 4294941988, status: 0x@@@@@@@@, result = -##### (errSecParam)",
    "token: expired at 10:00:## after 3600 s; token = nil; password = (null); refresh_token: none",
    "kern.osversion 24C101, macOS 15.2.1.4 (24C101), CFNetwork/1568.300.101 Darwin/24.2.0",
    "Version: 15.2.1.4 (619.1.26.11)  SafariFramework 8619.2.8.10.7, dyld 1231.3 (15.2.1.4)",
    "Notes/3.1.2.44 CFNetwork/1568.200.51 Darwin/24.1.0 build 2.0.1.13",
    "com.apple.security.keychain-access-groups com.apple.developer.associated-domains com.apple.security.app-sandbox",
    "com.apple.securityd: [com.apple.securityd:item] secd[231] keychain-access-groups",
    "GET https://appleid.apple.com/auth/keys 200, https://app-site-association.cdn-apple.com/a/v1/example.com 404, https://data.appattest.apple.com 400",
    "POST https://api.push.apple.com:443/3/device 410, https://gateway.icloud.com, https://developer.apple.com/forums/thread/7###",
    "Sandbox: Notes(####) deny(1) file-read-data /private/var/db/DetachedSignatures",
    "Sandbox: Notes(####) deny(1) mach-lookup com.apple.coreservices.quarantine-resolver",
    "/Users/Shared/x /Users/runner/work/notes /usr/bin/codesign /System/Library/Frameworks/Security.framework/Versions/A/Security",
    "/Library/Developer/CoreSimulator/Profiles/Runtimes /Applications/Xcode.app/Contents/Developer /private/var/folders",
    "Thread 0 name: Dispatch queue: com.apple.main-thread; Thread 0 Crashed: 0 libsystem_kernel.dylib 0x00000001@@@@@@@@ __pthread_kill + 8",
    "0x1@@@@@@@@ - 0x1@@@@@@@@ Security arm64e <@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@> /System/Library/Frameworks/Security.framework/Security",
    "Termination Reason: CODESIGNING 2 Invalid Page; Exception Type: EXC_BAD_ACCESS (SIGKILL (Code Signature Invalid))",
    "CDHash=@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@ Hash type=sha256 size=32 flags=0x10000(runtime)",
    "codesign --force --sign 0123456789ABCDEF0123456789ABCDEF01234567 --timestamp=none Notes.app",
    "Authority=Apple Worldwide Developer Relations Certification Authority, Authority=Apple Root CA, TeamIdentifier=not set",
    "TeamIdentifier=59GAB85EFG Identifier=com.apple.dt.Xcode; 243LU875E5.groups.com.apple.podcasts",
    "AAGUID fbfc3007-154e-4ecc-8c0b-6e020557d7bd, Bluetooth 0000180d-0000-1000-8000-00805F9B34FB, IDFA 00000000-0000-0000-0000-000000000000",
    "let query: [String: Any] = [kSecClass as String: kSecClassGenericPassword, kSecAttrAccount as String: account]",
    "query[kSecValueData as String] = data; let password = String(data: data, encoding: .utf8)",
    "if let token = credential.identityToken, let code = credential.authorizationCode { try await send(token, code) }",
    "textField.textContentType = .oneTimeCode; passwordField.textContentType = .password; self.view.window.rootViewController",
    "error.code == .userCancelled || error.code.rawValue == 1001; app.state.value; io.read(8); me.name.first",
    "127.0.0.1:5432 ::1 0.0.0.0 255.255.255.255 localhost:8080 listening",
    "at 10:00:## in 00:00:##.### (12:30:45) on 2026-11-22T10:00:##.###Z",
    "LAError -2 kLAErrorUserCancel; biometryLockout -8; com.apple.LocalAuthentication; errSecUserCanceled (-128)",
    "invalid_client invalid_grant unsupported_grant_type access_denied login_required invalid_request",
    "nw_protocol_boringssl_handshake_negotiate_proceed(7##) [C#:1][0x1@@@@@@@@] boringssl error -9816 errSSLClosedNoNotify",
    "ITMS-91053: Missing API declaration NSPrivacyAccessedAPICategoryFileTimestamp, ITMS-90338",
    "kTCCServiceSystemPolicyAllFiles kTCCServiceCamera AUTHREQ_RESULT: msgID=###.1, authValue=0, authReason=5",
    "The operation couldn’t be completed. (com.apple.AuthenticationServices.AuthorizationError error 1000.)",
    "OID 1.2.840.113635.100.8.2, 1.2.840.10045.3.1.7, 2.5.4.3",
    "SecTrustEvaluateWithError: “example.com” certificate is not standards compliant (-67901); https://example.com/callback",
    "Xcode 16.2 (16C5032a), iOS 18.2 (22C152), iPhone17,1, arm64, MacBookPro18,3, Mac mini (2024)",
    "main + 123456789, -[Foo bar:] + 4155552671, +[NSURLSession sharedSession]",
    "Info.plist main.swift Notes.app libfoo.dylib AppDelegate.m Notes.xcodeproj/project.pbxproj Notes@2x.png notes.entitlements",
    "notarytool submit --keychain-profile \"AC_PASSWORD\" --wait; --password @keychain:AC_PASSWORD; -p @env:AC_PASSWORD",
    "id: @@@@@@@@-no-uuid, \"statusCode\": 4000, \"statusSummary\": \"Package Approved\"",
    "DEVELOPMENT_TEAM = XXXXXXXXXX, \"<TEAM_ID>.com.example.app\", YOUR_TEAM_ID, $(AppIdentifierPrefix)com.example.app",
    "Authorization: Bearer <token>; Authorization: Bearer $TOKEN; password=${PASSWORD}; api_key: YOUR_API_KEY",
    "amfid[###]: /private/var/containers/Bundle/Application not valid: 0xe8008001: An unknown error has occurred.",
    "Failed to get attestation: Error Domain=com.apple.devicecheck.error Code=2; DCErrorInvalidKey; appattest_not_supported",
    "swcd: SWCERR00101 Bad HTTP Response: 404; SWCErrorDomain Code=8; ASWebAuthenticationSessionError 1",
    "The today's Mac build ran; Xcode's iPhone Simulator was used; the user's iPhone must be unlocked; an iPad Pro",
    "secd: AppleKeyStore: operation failed (pid: ### sel: 7 ret: e00002e2 '-536870174', -1, 100000)",
    "github.com/apple/swift, stackoverflow.com/questions/###, https://www.w3.org/TR/webauthn-3/",
    "securityd_xpc_dictionary_handler: Notes[###] copy_matching Error Domain=NSOSStatusErrorDomain Code=-25291",
];

/// Decoys filled by chance.
pub fn decoys(random: &mut Random, times: usize) -> Vec<String> {
    let mut fill = |line: &&str| {
        line.chars()
            .map(|c| match c {
                '#' => random.digits(1),
                '@' if line.contains("@@@@") || line.contains(":@") => random.hex(1),
                c => c.to_string(),
            })
            .collect::<String>()
    };
    (0..times).flat_map(|_| DECOYS.iter().map(&mut fill).collect::<Vec<_>>()).collect()
}
