use crate::artifact::Form;
use crate::artifact::testing::*;

const ID: &str = "ABCDE12345.com.example.app";

fn app() -> String {
    [
        key("application-identifier", &text(ID)),
        key("com.apple.developer.team-identifier", &text(TEAM)),
        key("keychain-access-groups", &list(&[ID, "ABCDE12345.com.example.shared"])),
        key("com.apple.security.application-groups", &list(&["group.com.example.app"])),
        key("com.apple.developer.associated-domains", &list(&["webcredentials:example.com", "applinks:*.example.com"])),
        key("com.apple.developer.applesignin", &list(&["Default"])),
        key("aps-environment", &text("production")),
    ]
    .concat()
}

#[test]
fn entitlements_as_they_should_be() {
    let artifact = look("App.entitlements", plist(&app()));
    healthy(&artifact);
    assert_eq!(
        (artifact.form, artifact.value("team"), artifact.values("keychain access group").count()),
        (Form::Entitlements, Some(TEAM), 2)
    );
    let source = plist(
        &[
            key("keychain-access-groups", &list(&["$(AppIdentifierPrefix)com.example.app"])),
            key("com.apple.developer.applesignin", &list(&["Default"])),
        ]
        .concat(),
    );
    healthy(&look("", source));
}

#[test]
fn broken_entitlements() {
    for (inside, trouble) in [
        (key("keychain-access-groups", &list(&["com.example.app"])), "fail ent.keychain-groups access-group-missing-team-prefix"),
        (
            key("keychain-access-groups", &list(&["$(AppIdentifierPrefix).com.example.app"])),
            "fail ent.keychain-groups access-group-missing-team-prefix",
        ),
        (
            key("keychain-access-groups", &list(&["ABCDE12345.a", "ZZZZZ12345.b"])),
            "warn ent.keychain-teams app-id-prefix-change-hides-items",
        ),
        (key("com.apple.security.application-groups", &list(&["com.example.shared"])), "fail ent.app-groups app-group-not-team-prefixed"),
        (
            key("com.apple.security.app-sandbox", "<true/>") + &key("com.apple.security.application-groups", &list(&["group.com.example"])),
            "warn ent.app-groups app-group-not-team-prefixed",
        ),
        (
            key("com.apple.security.app-sandbox", "<true/>")
                + &key("com.apple.security.inherit", "<true/>")
                + &key("com.apple.security.network.client", "<true/>"),
            "fail ent.inherit helper-missing-sandbox-inherit",
        ),
        (key("com.apple.security.inherit", "<true/>"), "fail ent.inherit helper-missing-sandbox-inherit"),
        (key("com.apple.security.app-sandbox", &text("YES")), "fail ent.type entitlement-value-wrong-kind"),
        (key("get-task-allow", "<true/>"), "warn ent.get-task-allow get-task-allow-in-release"),
        (key("com.apple.developer.applesignin", &text("Default")), "fail ent.applesignin siwa-entitlement-missing"),
        (
            key("com.apple.developer.associated-domains", &list(&["https://example.com"])),
            "fail ent.associated-domains rp-id-not-in-associated-domains",
        ),
        (
            key("com.apple.developer.associated-domains", &list(&["applinks:xn--bcher-kva.example"])),
            "warn ent.associated-domains-idn aasa-idn-domain",
        ),
        (
            key("com.apple.developer.default-data-protection", &text("NSFileProtectionComplete")),
            "warn ent.data-protection default-file-protection-entitlement",
        ),
        (
            key("application-identifier", &text("com.example.app")),
            "fail ent.application-identifier profile-application-identifier-mismatch",
        ),
        (key("com.apple.security.temporary-exception.sbpl", &text("(allow)")), "warn ent.exceptions temporary-exception-relied-on"),
        (key("com.apple.private.tcc.allow", "<true/>"), "fail ent.private restricted-entitlement-without-profile"),
        (key("com.apple.security.app-sandbx", "<true/>"), "warn ent.names -"),
        ("<!-- a -- b -->".to_owned() + &key("com.apple.security.app-sandbox", "<true/>"), "fail ent.comment entitlements-xml-malformed"),
    ] {
        shows(&look("", plist(&inside)), trouble);
    }
    let cut = plist(&app()).replace("</dict>", "");
    shows(&look("App.entitlements", cut), "fail ent.amfi entitlements-xml-malformed");
}

#[test]
fn the_forms_that_codesign_prints() {
    let printed = "Executable=/Applications/App.app/Contents/MacOS/App\n[Dict]\n\t[Key] com.apple.application-identifier\n\t[Value]\n\t\t[String] ABCDE12345.com.example.app\n\t[Key] com.apple.security.app-sandbox\n\t[Value]\n\t\t[Bool] true\n\t[Key] com.apple.security.network.client\n\t[Value]\n\t\t[Bool] true\n\t[Key] keychain-access-groups\n\t[Value]\n\t\t[Array]\n\t\t\t[String] com.example.app\n\t\t\t[String] ABCDE12345.x\n";
    let artifact = look("", printed);
    assert_eq!((artifact.value("application identifier"), artifact.values("keychain access group").count()), (Some(ID), 2));
    shows(&artifact, "fail ent.keychain-groups access-group-missing-team-prefix");
    let blob = [&[0xfa, 0xde, 0x71, 0x71, 0, 0, 1, 0][..], plist(&app()).as_bytes()].concat();
    let artifact = look("", &blob);
    assert_eq!((artifact.form, artifact.value("application identifier")), (Form::Entitlements, Some(ID)));
    let headed = format!("Executable=/Applications/App.app\n{}", plist(&app()));
    assert_eq!(look("", headed).value("application identifier"), Some(ID));
}

fn info() -> String {
    [
        key("CFBundleIdentifier", &text("com.example.app")),
        key("CFBundleExecutable", &text("App")),
        key("NSFaceIDUsageDescription", &text("To open your notes.")),
        key("CFBundleURLTypes", &format!("<array><dict>{}</dict></array>", key("CFBundleURLSchemes", &list(&["com.example.app"])))),
    ]
    .concat()
}

#[test]
fn an_info_plist_as_it_should_be() {
    let artifact = look("Info.plist", plist(&info()));
    healthy(&artifact);
    assert_eq!((artifact.form, artifact.value("bundle id")), (Form::InfoPlist, Some("com.example.app")));
}

#[test]
fn broken_info_plists() {
    let ats = |inside: &str| key("NSAppTransportSecurity", &format!("<dict>{inside}</dict>"));
    let schemes =
        |scheme: &str| key("CFBundleURLTypes", &format!("<array><dict>{}</dict></array>", key("CFBundleURLSchemes", &list(&[scheme]))));
    let provider = |inside: &str| {
        key(
            "NSExtension",
            &format!(
                "<dict>{}{}</dict>",
                key("NSExtensionPointIdentifier", &text("com.apple.authentication-services-credential-provider-ui")),
                key("NSExtensionAttributes", &format!("<dict>{inside}</dict>"))
            ),
        )
    };
    for (inside, trouble) in [
        (key("NSCameraUsageDescription", "<true/>"), "fail info.purpose usage-description-not-a-string"),
        (key("NSCameraUsageDescription", &text("")), "fail info.purpose usage-description-not-a-string"),
        (key("NSFaceIdUsageDescription", &text("x")), "warn info.purpose-name wrong-usage-description-key"),
        (key("NSCalendarsUsageDescription", &text("x")), "warn info.calendar ios17-calendar-full-access"),
        (key("NSLocationAlwaysAndWhenInUseUsageDescription", &text("x")), "warn info.location location-always-or-reduced"),
        (
            ats(&(key("NSAllowsArbitraryLoads", "<true/>") + &key("NSAllowsLocalNetworking", "<true/>"))),
            "fail info.ats-arbitrary ats-arbitrary-loads-overridden",
        ),
        (ats(&key("NSExceptionAllowsInsecureHTTPLoads", "<true/>")), "fail info.ats-place ats-exception-key-misplaced"),
        (ats(&key("NSAllowArbitraryLoads", "<true/>")), "fail info.ats-place ats-exception-key-misplaced"),
        (key("NSAllowsArbitraryLoads", "<true/>"), "fail info.ats-place ats-exception-key-misplaced"),
        (
            ats(&key("NSExceptionDomains", "<dict><key>example.com:8080</key><dict/></dict>")),
            "fail info.ats-domains ats-exception-for-ip-or-port",
        ),
        (
            ats(&key("NSExceptionDomains", "<dict><key>192.168.0.1</key><dict/></dict>")),
            "fail info.ats-domains ats-exception-for-ip-or-port",
        ),
        (schemes("https"), "fail info.url-schemes callback-scheme-has-special-chars"),
        (schemes("myapp://"), "fail info.url-schemes callback-scheme-has-special-chars"),
        (schemes("msauth"), "fail info.url-schemes disallowed-url-scheme"),
        (provider(""), "fail info.provides-passkeys provides-passkeys-missing"),
        (provider(&key("ProvidesPasskeys", "<true/>")), "fail info.provides-passkeys provides-passkeys-missing"),
        (key("NSBonjourServices", &list(&["http.tcp"])), "fail info.bonjour bonjour-services-not-declared"),
        (key("NSPrivacyTracking", "<false/>"), "fail info.privacy-manifest manifest-keys-in-info-plist"),
    ] {
        shows(&look("Info.plist", plist(&(info() + &inside))), trouble);
    }
    let good = provider(&key("ASCredentialProviderExtensionCapabilities", &format!("<dict>{}</dict>", key("ProvidesPasskeys", "<true/>"))));
    healthy(&look("Info.plist", plist(&(info() + &good))));
}

fn api(category: &str, reasons: &[&str]) -> String {
    format!(
        "<dict>{}{}</dict>",
        key("NSPrivacyAccessedAPIType", &text(&format!("NSPrivacyAccessedAPICategory{category}"))),
        key("NSPrivacyAccessedAPITypeReasons", &list(reasons))
    )
}

fn manifest(tracking: &str, domains: &[&str], apis: &str) -> String {
    plist(
        &[
            key("NSPrivacyTracking", tracking),
            key("NSPrivacyTrackingDomains", &list(domains)),
            key("NSPrivacyAccessedAPITypes", &format!("<array>{apis}</array>")),
        ]
        .concat(),
    )
}

#[test]
fn privacy_manifests() {
    let artifact =
        look("PrivacyInfo.xcprivacy", manifest("<false/>", &[], &(api("UserDefaults", &["CA92.1"]) + &api("FileTimestamp", &["C617.1"]))));
    healthy(&artifact);
    assert_eq!(artifact.form, Form::PrivacyManifest);
    for (text, trouble) in [
        (manifest("<false/>", &["ads.example.com"], ""), "fail privacy.tracking tracking-domains-mismatch"),
        (manifest("<true/>", &[], ""), "warn privacy.tracking tracking-domains-mismatch"),
        (manifest("<string>NO</string>", &[], ""), "fail privacy.tracking invalid-manifest-in-sdk"),
        (manifest("<false/>", &[], &api("UserDefaults", &["C617.1"])), "fail privacy.reasons invalid-required-reason-code"),
        (manifest("<false/>", &[], &api("UserDefault", &["CA92.1"])), "fail privacy.category invalid-required-reason-category"),
        (manifest("<false/>", &[], &api("UserDefaults", &[])), "fail privacy.reasons missing-required-reason-api"),
        (manifest("<false/>", &[], &api("UserDefaults", &["C56D.1"])), "warn privacy.sdk-reasons invalid-required-reason-code"),
        (
            plist(&(key("NSPrivacyTracking", "<false/>") + &key("NSPrivacyCollectedDataTypes", "<array><dict/></array>"))),
            "fail privacy.collected invalid-manifest-in-sdk",
        ),
        (
            plist(&(key("NSPrivacyTracking", "<false/>") + &key("NSPrivacyUnknown", "<false/>"))),
            "fail privacy.keys invalid-manifest-in-sdk",
        ),
    ] {
        shows(&look("PrivacyInfo.xcprivacy", text), trouble);
    }
}
