//! What a thread is about by its words: our topics, and the subjects of other forums. Words are weighed, and stand at word edges.

use crate::pattern::Literals;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// A subject that other people answer.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Area {
    /// As people call it.
    pub name: &'static str,
    /// Where such a thread belongs.
    pub belongs: &'static str,
    /// Words that mean it, three points each, with bars between them.
    strong: &'static str,
    /// Words that go with it, one point each.
    weak: &'static str,
}

/// Where questions about using a device belong.
const SUPPORT: &str = "Feedback Assistant on the device itself (so that a sysdiagnose is attached) for pre-release software; Apple Support or the Apple Support Community for anything else";

/// The subjects of other forums, as far as they are met among questions of ours.
pub(super) const AREAS: &[Area] = &[
    Area {
        name: "heat, battery and performance of a device",
        belongs: SUPPORT,
        strong: "overheat|overheats|overheating|heating|gets hot|gets really hot|extremely hot|really hot|very hot|heats up|too hot|battery drain|battery drains|battery life|drains battery|battery goes down|battery health|running hot|thermal throttling|phone is slow|iphone is slow|lagging|laggy|frozen screen|black screen|boot loop|stuck on apple logo",
        weak: "battery|charging|heat|hot|slow|since the update|after the update|after updating|latest update|beta|drain|storage full",
    },
    Area {
        name: "using a device or an Apple service",
        belongs: SUPPORT,
        strong: "my iphone|my ipad|my macbook keeps|carplay|airdrop|airpods|apple watch won't|apple music|facetime|imessage|siri|apple tv app|screen mirroring|ios update failed|unable to install update|update stuck|wallpaper|ringtone|keyboard lag|autocorrect|spotlight search|stolen|scammed|forgot my passcode|unlock my phone|icloud storage|refund",
        weak: "settings app|home screen|control center|photos app|mail app|customer|apple store|genius bar|apple support|restart my phone",
    },
    Area {
        name: "push and local notifications",
        belongs: "the forum topic App & System Services > Notifications",
        strong: "push notification|push notifications|remote notification|remote notifications|local notification|local notifications|apns|apnstoken|pushkit|voip push|voip pushes|voip notification|voip notifications|unusernotificationcenter|usernotifications|baddevicetoken|devicetokennotfortopic|live activity|live activities|activitykit|silent push|badge count|unnotificationrequest|push|pushes",
        weak: "notification|notifications|device token|fcm|onesignal|pushed",
    },
    Area {
        name: "alarms and sounds",
        belongs: "the forum topic App & System Services > Notifications (AlarmKit)",
        strong: "alarmkit|alarm sound|custom sound|custom sounds|alarmmanager",
        weak: "alarm|sound|beep|audio file|snooze",
    },
    Area {
        name: "in-app purchases and subscriptions",
        belongs: "the forum topic App & System Services > StoreKit; for an outage first the page of Apple's system status for developers",
        strong: "storekit|in-app purchase|in app purchase|in-app purchases|iap|subscription|subscriptions|renewal|renewals|auto-renewable|sandbox tester|sandbox testers|sandbox account for purchases|skpaymentqueue|skproduct|verifyreceipt|app store server api|app store server notifications|transaction.updates|product.products|offer code|offer codes|revenuecat|restore purchases|paywall",
        weak: "purchase|purchases|receipt|renew|refund|price|billing|product id",
    },
    Area {
        name: "App Review and App Store Connect",
        belongs: "the forum topic App Store Distribution & Marketing, or App Review through App Store Connect",
        strong: "waiting for review|in review for|stuck in review|app review rejected|guideline 4.3|guideline 4.2|guideline 2.1|guideline 3.1|spam rejection|app rejected|metadata rejected|expedited review|app store connect api|app analytics|testflight invite|testflight invitation|external testers|app name is taken|app transfer pending|screenshots|age rating|phased release|keyword optimization|app store search ranking|resolution center",
        weak: "review|reviewer|rejected|rejection|appstoreconnect|submission|appeal",
    },
    Area {
        name: "membership of the developer programme",
        belongs: "Apple Developer Support (developer.apple.com/contact), since only they can see an account",
        strong: "developer program enrollment|enrollment pending|enrolment|enroll in the apple developer program|membership renewal|membership expired|d-u-n-s|duns number|account terminated|termination notice|identity verification failed|payment for the developer program|developer account pending|paid apps agreement|bank account|tax form|membership fee|can't enroll|cannot enroll|enroll as",
        weak: "enroll|enrollment|membership|developer support|payment|agreement|invoice",
    },
    Area {
        name: "networks and network extensions",
        belongs: "the forum topic App & System Services > Networking",
        strong: "no route to host|nenetworkextension|network extension|network system extension|packet tunnel|nepackettunnelprovider|nwconnection|nwlistener|nwbrowser|urlsession timeout|bonjour|mdns|multipeer|vpn app|content filter provider|dns proxy|traceroute|no network|network is gone|no internet|wi-fi drops|wifi drops|wi-fi aware|hotspot|network.framework|socket|http/3|quic|nehotspotconfiguration|web socket|websocket",
        weak: "wi-fi|wifi|network|router|ethernet|vpn|dns|tcp|udp|packet|tethered|latency|nsurlerrordomain",
    },
    Area {
        name: "location",
        belongs: "the forum topic App & System Services > Maps & Location",
        strong: "kclerrordomain error 0|kclerrorlocationunknown|locationservice|clmonitor|clgeocoder|geofence|geofencing|region monitoring|mapkit|mkmapview|gps accuracy|gps signal|ibeacon|significant location|heading accuracy|didupdatelocations",
        weak: "gps|location updates|corelocation|cllocationmanager|latitude|map",
    },
    Area {
        name: "health and fitness data",
        belongs: "the forum topic App & System Services > Health & Fitness",
        strong: "hkobserverquery|hkworkout|hkworkoutsession|workout session|hkquery|step count|heart rate|apple health|hkstatisticsquery|workoutkit",
        weak: "healthkit|workout|hkhealthstore|health app",
    },
    Area {
        name: "accessories, Bluetooth and NFC",
        belongs: "the forum topic App & System Services > Hardware",
        strong: "cbcentralmanager|cbperipheral|corebluetooth|bluetooth pairing|ble|corenfc|nfcndefreadersession|external accessory|matter accessory|homekit|homekit accessory|accessorysetupkit|usb accessory|driverkit|iokit|uwb|nearby interaction",
        weak: "bluetooth|peripheral|accessory|nfc|usb|firmware",
    },
    Area {
        name: "user interface",
        belongs: "the forum topic UI Frameworks",
        strong: "navigationstack|navigationlink|swiftui view|swiftui list|lazyvstack|uitableview|uicollectionview|autolayout|auto layout|uiscrollview|uinavigationcontroller|tabview|liquid glass|safearea|safe area|nstableview|swiftui preview|animation|scrollview|textfield focus|dark mode colors|widgetkit|widget timeline|app intents|appintent|sf symbols|uihostingcontroller|nswindow level|toolbar",
        weak: "swiftui|uikit|appkit|layout|scroll|gesture|view hierarchy|widget|button style",
    },
    Area {
        name: "media: camera, sound, video",
        belongs: "the forum topic Media Technologies",
        strong: "avcapturesession|avplayer|avaudiosession|avaudioengine|avfoundation|phpicker|photokit|hls|airplay|musickit|core audio|coreaudio|audiounit|screencapturekit|replaykit|video playback|live photo|shazamkit|vtcompressionsession|callkit|core midi",
        weak: "camera preview|video|audio|playback|microphone input level|codec|streaming|recording quality",
    },
    Area {
        name: "graphics, games and spatial computing",
        belongs: "the forum topics Graphics & Games and Spatial Computing",
        strong: "realitykit|arkit|scenekit|spritekit|metal shader|metal performance|gamekit|game center|gamecontroller|immersive space|visionos window|reality composer|usdz|unreal engine|frame rate|mtkview|metalfx",
        weak: "shader|gpu|texture|leaderboard|fps|rendering",
    },
    Area {
        name: "machine learning and Apple Intelligence",
        belongs: "the forum topic Machine Learning & AI",
        strong: "coreml|core ml|createml|foundation models|languagemodelsession|apple intelligence|mlmodel|vision framework|vnrequest|image playground|genmoji|speech recognizer|translation framework|natural language framework",
        weak: "model inference|neural engine|llm|training data",
    },
    Area {
        name: "data: CloudKit, Core Data, SwiftData",
        belongs: "the forum topic App & System Services > iCloud & Data",
        strong: "cloudkit|ckrecord|ckcontainer|nspersistentcloudkitcontainer|swiftdata|core data|coredata|modelcontext|modelcontainer|nsmanagedobject|ckerror|icloud documents|icloud drive sync|ubiquity container|fetchrequest",
        weak: "icloud sync|migration|persistent store|sqlite|database schema",
    },
    Area {
        name: "Apple Pay and Wallet",
        belongs: "the forum topic App & System Services > Apple Pay & Wallet",
        strong: "apple pay|passkit|pkpass|wallet pass|wallet passes|pkpaymentauthorization|merchant id|merchant session|tap to pay|in-app provisioning|wallet extension|pkaddpaymentpass",
        weak: "wallet|payment sheet|merchant|boarding pass",
    },
    Area {
        name: "Xcode, Swift and the build",
        belongs: "the forum topics Developer Tools & Services and Programming Languages",
        strong: "xcode crashes|xcode keeps crashing|xcode beta crash|undefined symbol|undefined symbols|linker command failed|compiler error|swift compiler|swift 6 concurrency|sendable|actor isolation|mainactor|instruments trace|lldb|breakpoint|swift package resolution|swiftpm|swift macros|xcode indexing|command swiftcompile failed|no such module|expression was too complex|type-check|xcode cloud build|simulator is slow|simulator won't boot|device support files|preparing device for development|developer mode",
        weak: "xcode|build failed|simulator|compile|debugger|swift package|cocoapods",
    },
    Area {
        name: "another operating system",
        belongs: "the support of that system or of the library that is used there; the Apple side is not what fails",
        strong: "android|play store|google play|android studio|gradle|kotlin|biometricprompt|windows 10|windows 11|visual studio code on windows|samsung|pixel phone",
        weak: "emulator|apk|jetpack",
    },
    Area {
        name: "a web site's own session or another identity service",
        belongs: "the support of that service or framework; no Apple API takes part",
        strong: "workos|nextresponse|nextauth callback|next.js middleware|wordpress|laravel session|okta admin|azure ad b2c policy|saml metadata|pkce cookie|authkit callback|cognito user pool|clerk.dev",
        weak: "cookie|middleware|pkce verifier|session cookie|redirect response|front end|backend",
    },
    Area {
        name: "advertising for a product or job",
        belongs: "nowhere in this forum",
        strong: "hire me|we are hiring|our agency|best app development company|casino|crypto recovery|loan app|whatsapp me|telegram me|seo services|assignment help|promo code",
        weak: "services|contact us|discount",
    },
];

/// The words of our topics: those that mean the topic, three points each; those that go with it, one point.
const TOPIC_WORDS: &[(&str, &str, &str)] = &[
    (
        "keychain",
        "keychain|secitemadd|secitemcopymatching|secitemupdate|secitemdelete|ksecattraccessgroup|ksecclass|keychain-access-groups|errsecitemnotfound|errsecinteractionnotallowed|errsecmissingentitlement|access group|keychain item|ksecattraccessible|secitem",
        "-25300|-25308|-34018|-25299|securely store|generic password|login keychain",
    ),
    (
        "secure-enclave",
        "secure enclave|ksecattrtokenidsecureenclave|secureenclave.p256|cryptotokenkit|secureenclave|sep key",
        "seckeycreatesignature|hardware key|seckeycreaterandomkey",
    ),
    (
        "biometrics",
        "face id|faceid|touch id|touchid|lacontext|localauthentication|evaluatepolicy|laerror|biometric|biometrics|biometry|optic id|nsfaceidusagedescription",
        "passcode fallback|fingerprint",
    ),
    (
        "crypto-certs",
        "sectrustevaluate|sectrust|seckeycreatewithdata|seccertificate|secidentity|pkcs12|pkcs#12|secpkcs12import|p12|root certificate|intermediate certificate|x.509|cryptokit|client certificate|certificate trust|certificate validity|private key import",
        "certificate|certificates|rsa key|public key|cert",
    ),
    (
        "siwa",
        "sign in with apple|signin with apple|apple sign in|apple sign-in|apple login|siwa|asauthorizationappleid|asauthorizationappleidprovider|appleid.apple.com|akauthenticationerror|apple id login|identity token|client_secret|services id|service id|private relay|hide my email|appleid.auth|signinwithapple|account.apple.com|com.apple.developer.applesignin",
        "invalid_client|invalid_grant|authorization code|refresh token|1001|1000|-7026",
    ),
    (
        "app-attest",
        "app attest|appattest|dcappattestservice|devicecheck|dcdevice|dcerror|attestkey|generateassertion|app check|attestation object|appcheck",
        "attestation|assertion|attest",
    ),
    (
        "passkeys",
        "passkey|passkeys|webauthn|asauthorizationplatformpublickeycredential|relying party|publickeycredential|navigator.credentials|fido2|security key|rpid|rp id|prf extension|conditional mediation",
        "challenge|notallowederror|authenticator|user verification",
    ),
    (
        "credential-provider",
        "credential provider|ascredentialprovider|ascredentialidentitystore|autofill extension|autofill credential|password manager extension|providecredentialwithoutuserinteraction|prepareinterfacetoprovidecredential|passkey manager|password autofill extension|autofill credential provider",
        "password manager|aaguid|autofill",
    ),
    (
        "associated-domains",
        "associated domains|associated domain|apple-app-site-association|aasa|universal link|universal links|applinks|webcredentials|swcutil|swcd|com.apple.developer.associated-domains",
        "deep link|deep links|well-known",
    ),
    (
        "web-auth",
        "aswebauthenticationsession|sfauthenticationsession|web authentication session|callbackurlscheme|prefersephemeralwebbrowsersession|msal|oauth redirect|wants to use|auth0|appauth|in-app browser|sfsafariviewcontroller login|oauth login|system popup",
        "redirect uri|oauth|callback url|login page|web view login|wkwebview login|log out",
    ),
    (
        "platform-sso",
        "platform sso|platformsso|psso|extensible sso|extensible enterprise sso|asauthorizationproviderextension|sso extension|app-sso|appssoagent|kerberos sso",
        "idp|single sign-on|mdm profile",
    ),
    (
        "sandbox",
        "app sandbox|sandboxed|security-scoped|security scoped|sandbox violation|deny(1)|com.apple.security.app-sandbox|temporary exception|startaccessingsecurityscopedresource|bookmark data|sandbox container|app group container|com.apple.security.files|sandbox extension|com.apple.security.application-groups",
        "sandbox|operation not permitted|file access|entitlement",
    ),
    (
        "tcc-privacy",
        "tcc|tccd|full disk access|screen recording permission|accessibility permission|privacy & security settings|usage description|usagedescription|nscamerausagedescription|microphone permission|camera permission|privacy permission|apple events permission|axisprocesstrusted|local network privacy|local network permission|kTCCService|purpose string|not allowed assistive access|contacts permission|photo library permission|location permission|input monitoring|automation permission|privacy prompt",
        "permission|permissions|prompt|access denied|microphone|authorization status",
    ),
    (
        "att",
        "app tracking transparency|apptrackingtransparency|attrackingmanager|requesttrackingauthorization|nsusertrackingusagedescription|tracking authorization|tracking permission|idfa|tracking prompt|app tracking|advertising identifier|tracking transparency",
        "tracking|notdetermined|skadnetwork",
    ),
    (
        "privacy-manifest",
        "privacy manifest|privacyinfo.xcprivacy|xcprivacy|required reason api|required reason|itms-91053|itms-91061|itms-91064|nsprivacytracking|nsprivacyaccessedapitypes|app privacy|privacy nutrition label|privacy label|privacy report|tracking domains|data collection|data types collected",
        "admob|privacy policy|third-party sdk|identifiers",
    ),
    (
        "data-protection",
        "data protection|nsfileprotection|file protection|fileprotectioncomplete|protecteddataavailable|isprotecteddataavailable|completeuntilfirstuserauthentication|before first unlock|filevault|device is locked|locked device",
        "first unlock|encrypted at rest|protected data",
    ),
    (
        "code-signing",
        "codesign|code signing|code signature|codesigning|provisioning profile|provisioning profiles|signing certificate|signing identity|embedded.mobileprovision|errsecinternalcomponent|errseccspinternal|application-identifier|team identifier|code object is not signed|resource fork|ad hoc signature|xcodebuild signing|mobileprovision|entitlements file|distribution certificate|amfi|designated requirement",
        "signing|signature|invalid signature|entitlement|entitlements|resign|certificate",
    ),
    (
        "hardened-runtime",
        "hardened runtime|library validation|disable-library-validation|com.apple.security.cs|allow-jit|get-task-allow|different team ids|dyld_insert_libraries|allow-unsigned-executable-memory|mapping process and mapped file",
        "jit|dylib|plug-in loading|notarized",
    ),
    (
        "notarization",
        "notarization|notarize|notarized|notarytool|notarise|notarisation|stapler|staple|gatekeeper|spctl|altool|quarantine|notary service|is damaged and can't be opened|developer cannot be verified|developer id",
        "malicious software|unidentified developer|dmg|pkg installer",
    ),
    (
        "transport-security",
        "app transport security|nsapptransportsecurity|nsallowsarbitraryloads|nsexceptiondomains|ats|tls handshake|-9802|-9806|-1022|-1200|-1202|certificate pinning|ssl pinning|nspinneddomains|boringssl|tls 1.2|cleartext http",
        "tls|https|ssl|nsurlerrorsecureconnectionfailed",
    ),
];

/// Points of a word that means a subject, and of one that goes with it.
const STRONG: u32 = 3;
const WEAK: u32 = 1;

/// A word of the tables: what it speaks for, and how much.
#[derive(Debug, Clone, Copy)]
struct Word {
    text: &'static str,
    subject: Subject,
    points: u32,
}

/// One of our topics, or another forum's subject, by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Subject {
    Topic(usize),
    Area(usize),
}

static WORDS: LazyLock<(Vec<Word>, Literals)> = LazyLock::new(|| {
    let mut words: Vec<Word> = Vec::new();
    let mut add = |texts: &'static str, subject, points| words.extend(texts.split('|').map(|text| Word { text, subject, points }));
    for (at, (_, strong, weak)) in TOPIC_WORDS.iter().enumerate() {
        add(strong, Subject::Topic(at), STRONG);
        add(weak, Subject::Topic(at), WEAK);
    }
    for (at, area) in AREAS.iter().enumerate() {
        add(area.strong, Subject::Area(at), STRONG);
        add(area.weak, Subject::Area(at), WEAK);
    }
    let literals = Literals::new(words.iter().map(|word| word.text));
    (words, literals)
});

/// How much the words of a text speak for a subject, and which they are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Score {
    /// The points.
    pub points: u32,
    /// The words, each once, in the order of the text.
    pub words: Vec<&'static str>,
}

/// What the words of a thread speak for.
#[derive(Debug, Default)]
pub(super) struct Words {
    /// By our topics, in the order of [`TOPIC_WORDS`].
    topics: Vec<Score>,
    areas: Vec<Score>,
}

/// So much of a text is weighed: what it is about stands in its beginning.
const WEIGHED: usize = 8 << 10;

impl Words {
    /// Weighs the words of a title and a text; those of the title count twice.
    pub(super) fn of(title: &str, body: &str) -> Self {
        let mut out = Self { topics: vec![Score::default(); TOPIC_WORDS.len()], areas: vec![Score::default(); AREAS.len()] };
        let mut seen: BTreeSet<(usize, bool)> = BTreeSet::new();
        for (text, in_title) in [(title, true), (crate::text::clip(body, 0..WEIGHED), false)] {
            let (words, literals) = &*WORDS;
            let mut hits: Vec<(usize, usize, usize)> = Vec::new();
            literals.find(text.as_bytes(), 0..text.len(), |number, start, end| hits.push((end, start, number)));
            hits.sort_unstable();
            for (end, start, number) in hits {
                let Some(word) = words.get(number).filter(|_| at_edges(text.as_bytes(), start, end)) else { continue };
                if !seen.insert((number, in_title)) {
                    continue;
                }
                let score = match word.subject {
                    Subject::Topic(at) => out.topics.get_mut(at),
                    Subject::Area(at) => out.areas.get_mut(at),
                };
                if let Some(score) = score {
                    score.points += word.points;
                    if !score.words.contains(&word.text) {
                        score.words.push(word.text);
                    }
                }
            }
        }
        out
    }

    /// The topics for which words speak, with their ids.
    pub(super) fn topics(&self) -> impl Iterator<Item = (&'static str, &Score)> {
        TOPIC_WORDS.iter().map(|(id, ..)| *id).zip(&self.topics).filter(|(_, score)| score.points > 0)
    }

    /// The other subject for which most speaks.
    pub(super) fn area(&self) -> Option<(&'static Area, &Score)> {
        AREAS.iter().zip(&self.areas).filter(|(_, score)| score.points > 0).rev().max_by_key(|(_, score)| score.points)
    }
}

/// Whether no letter or digit continues the word at either end.
fn at_edges(text: &[u8], start: usize, end: usize) -> bool {
    let letter = |at: Option<usize>| at.and_then(|at| text.get(at)).is_some_and(u8::is_ascii_alphanumeric);
    !letter(start.checked_sub(1)) && !letter(Some(end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::TOPICS;

    #[test]
    fn every_topic_has_words_and_no_word_stands_twice_for_one_subject() {
        let ids: BTreeSet<_> = TOPIC_WORDS.iter().map(|(id, ..)| *id).collect();
        assert!(TOPICS.iter().all(|topic| ids.contains(topic.id)) && ids.len() == TOPICS.len());
        for (id, strong, weak) in TOPIC_WORDS {
            let all: Vec<&str> = strong.split('|').chain(weak.split('|')).collect();
            assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len(), "{id}");
        }
        for area in AREAS {
            let weak: Vec<&str> = area.weak.split('|').collect();
            assert!(area.strong.split('|').all(|word| !weak.contains(&word)), "{}", area.name);
        }
    }

    #[test]
    fn words_count_at_their_edges_and_titles_twice() {
        let points = |title: &str, body: &str, id: &str| {
            Words::of(title, body).topics().find(|(topic, _)| *topic == id).map_or(0, |(_, score)| score.points)
        };
        assert_eq!(points("", "The Keychain is empty, the keychain.", "keychain"), 3);
        assert_eq!(points("Keychain", "keychain", "keychain"), 6);
        assert_eq!(points("", "tls13 and acats", "transport-security"), 0);
        let heat = Words::of("Phone heating problem", "extremely hot while charging");
        assert_eq!(heat.area().map(|(area, _)| area.name), Some("heat, battery and performance of a device"));
    }
}
