//! Devices: their names, UDIDs, ECIDs, serial numbers, hardware addresses; and UUIDs.

use super::public;
use super::rule::{Rule, Value};

/// What Apple's devices are called when a person's name stands before it.
const MODELS: &str = r"(?:iPhone|iPad|iPod(?: touch)?|MacBook(?:[ -](?:Pro|Air))?|MBP|MBA|iMac|Mac(?:[ -](?:mini|Mini|Studio|Pro|Book))?|Apple Watch|Apple TV|Apple Vision Pro|HomePod|AirPods(?: Pro| Max)?|Watch)";

/// The rules of this file.
pub(super) fn rules() -> Vec<Rule> {
    let mut rules = named();
    rules.extend(numbered());
    rules
}

fn named() -> Vec<Rule> {
    const NEEDLES: &[&str] =
        &["iphone", "ipad", "ipod", "macbook", "imac", "mac", "watch", "mbp", "mba", "apple tv", "homepod", "airpods", "vision"];
    vec![
        Rule::new(NEEDLES, &format!(r#"(?-i)(?:^|[^\w'-])(?P<device>(?:[A-Z\x80-\xff][\w\x80-\xff.-]* ){{0,2}}[A-Za-z\x80-\xff][\w\x80-\xff-]*(?:'s|\xe2\x80\x99s|s'|'|\xe2\x80\x99) {MODELS}(?: \(\d+\)| \d{{1,2}})?)\b"#)).only(is_device),
        Rule::new(NEEDLES, &format!(r"(?-i)\b(?P<device>{MODELS} (?:von|de|di|van|af|fra|av) [A-Z\x80-\xff][\w\x80-\xff-]*)")).only(is_device),
        Rule::new(NEEDLES, r"(?-i)\b(?P<device>[A-Za-z][A-Za-z0-9]*s?-(?:iPhone|iPad|MacBook(?:-Pro|-Air)?|MBP|MBA|iMac|Mac-mini|Mac-Studio|Mac-Pro|Mac|Apple-Watch|Apple-TV)(?:-\d{1,4})?)\b").only(is_device),
        Rule::new(
            &["ComputerName", "HostName", "DeviceName", "device_name", "device name", "UserAssignedDeviceName", "deviceName"],
            r#"(?:ComputerName|LocalHostName|UserAssignedDeviceName|\bHostName|Device[_ ]?Name)(?:</key>\s*<string>|\\?["']?\s{0,3}[:=]\s{0,3}(?:Optional\()?\\?["']?)(?P<device>[^"<>\n;,|}]{2,80})"#,
        )
        .only(is_device)
        .cut(trimmed),
        // xcodebuild's list of destinations.
        Rule::new(&["platform:"], r"\bplatform:[^\n}]{0,80}\bid:[0-9A-Fa-f-]{24,40},[^\n}]{0,40}?\bname:(?P<device>[^,}\n]{2,80})").only(is_device).cut(trimmed),
        Rule::new(&["(000"], r"(?m)^\s*(?P<device>[^\n()=]{2,60}?) \([0-9.]{1,10}\) \(0000[0-9A-F]{4}-[0-9A-F]{16}\)").only(is_device),
    ]
}

fn numbered() -> Vec<Rule> {
    vec![
        Rule::new(&["0000"], r"(?-i)\b(?P<udid>0000[0-9A-Fa-f]{4}-[0-9A-Fa-f]{16})\b"),
        Rule::new(
            &["udid", "device", "uniqueid", "destination", "idevice"],
            r#"\b(?:udid|uniquedeviceid|device[ _-]?(?:id|identifier|udid)|unique[ _-]?(?:id|device ?id)|-destination ["']?(?:platform=[^,\n]{1,20},)?id|idevice\w+ -u|--device|--udid|Device|device)\\?["']?(?:</key>\s*<string>|[\s:=,]{1,4}\\?["'<]?)(?P<udid>[0-9a-f]{40}|[0-9a-f]{24})\b"#,
        ),
        Rule::new(&["ProvisionedDevices"], r"(?s)ProvisionedDevices</key>\s*<array>(?P<udid>[^\]]{1,200000}?)</array>").cut(strings),
        Rule::new(&["ProvisionedDevices"], r#"(?s)"?ProvisionedDevices"?\s*[:=]\s*[\[({](?P<udid>[^\])}]{1,200000}?)[\])}]"#).cut(udids),
        Rule::new(&["ecid"], r#"(?-i)\b(?:ECID|ecid|UniqueChipID|unique-chip-id)\\?["']?(?:</key>\s*<\w+>|[\s:=(]{1,4}\\?["']?)(?:0x)?(?P<udid>[0-9A-Fa-f]{8,20})\b"#),
        Rule::new(&["UniqueChipID", "unique-chip-id"], r#"(?-i)(?:UniqueChipID|unique-chip-id)\\?["']?(?:</key>\s*<\w+>|[\s:=(]{1,4}\\?["']?)(?:0x)?(?P<udid>[0-9A-Fa-f]{8,20})\b"#),
        Rule::new(
            &["serial"],
            r#"\b(?:IOPlatform)?Serial[ _-]?(?:Number|No\.?)?(?: \(system\))?\\?["']?(?:</key>\s*<string>|\s{0,3}[:=]\s{0,3}\\?["']?|\s)(?P<serial>[A-Z0-9]{8,14})\b"#,
        )
        .only(is_serial),
        Rule::new(&["imei", "meid", "iccid"], r#"\b(?:IMEI2?|MEID|ICCID|IMSI|InternationalMobileEquipmentIdentity)\\?["']?(?:</key>\s*<string>|[\s:=]{1,4}\\?["']?)(?P<serial>[0-9A-F](?:[ -]?[0-9A-F]){13,19})\b"#),
        Rule::new(&[], r"(?:^|[^\w:.-])(?P<serial>[0-9a-f]{2}(?::[0-9a-f]{2}){5})(?:[^\w:]|$)").only(is_hardware),
        Rule::new(&[], r"\b(?P<uuid>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\b").only(is_uuid),
    ]
}

fn trimmed(value: &str) -> Vec<std::ops::Range<usize>> {
    let start = value.len() - value.trim_start().len();
    std::iter::once(start..value.trim_end_matches([' ', '.', ')', '\\']).len().max(start)).collect()
}

/// The pieces between `<string>` and `</string>`.
fn strings(list: &str) -> Vec<std::ops::Range<usize>> {
    udids(list)
}

/// The runs of hexadecimal digits that are long enough for a UDID.
fn udids(list: &str) -> Vec<std::ops::Range<usize>> {
    let mut all = Vec::new();
    let mut start = None;
    for (at, byte) in list.bytes().chain(std::iter::once(b' ')).enumerate() {
        let inside = byte.is_ascii_hexdigit() || byte == b'-';
        match (inside, start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                start = None;
                if matches!(at - from, 24 | 25 | 40) {
                    all.push(from..at);
                }
            }
            _ => {}
        }
    }
    all
}

/// A name that a person gave, not the device's model or a placeholder.
fn is_device(value: &Value<'_>) -> bool {
    const PLAIN: &[&str] = &[
        "iphone",
        "ipad",
        "mac",
        "macbook",
        "macbook pro",
        "macbook air",
        "macbook-pro",
        "macbook-air",
        "localhost",
        "imac",
        "mac mini",
        "device",
        "simulator",
        "unknown",
        "any ios device",
        "any mac",
        "my mac",
        "my-mac",
        "apple watch",
        "apple tv",
    ];
    const ANYONE: &[&str] = &[
        "user's",
        "customer's",
        "tester's",
        "someone's",
        "apple's",
        "somebody's",
        "it's",
        "let's",
        "today's",
        "that's",
        "there's",
        "what's",
        "here's",
        "xcode's",
        "parent's",
        "child's",
        "owner's",
        "each",
        "today",
        "my",
        "your",
        "the",
        "a",
        "this",
        "an",
        "any",
        "non",
        "pre",
        "new",
        "old",
        "all",
        "per",
        "multi",
        "cross",
        "on",
        "for",
        "apple",
        "user",
        "client",
        "hmac",
        "paired",
    ];
    let text = value.get().trim();
    let lower = text.to_lowercase();
    let first = lower.split([' ', '-']).next().unwrap_or("");
    let simulated =
        lower.contains("simulator") || lower.starts_with("iphone 1") || lower.starts_with("ipad (") || lower.starts_with("ipad pro");
    let ours = text.starts_with("Device") && text.bytes().any(|b| b.is_ascii_digit()) || text.starts_with("Name") && text.contains("'s ");
    let code = text.starts_with("0x") || text.bytes().all(|b| b.is_ascii_digit() || b == b'-') || text.contains("com.");
    !PLAIN.contains(&lower.as_str()) && !ANYONE.contains(&first) && !simulated && !ours && !code && !public::is_placeholder(text)
}

/// Letters and digits; a certificate's serial number is hexadecimal.
fn is_serial(value: &Value<'_>) -> bool {
    let text = value.get();
    text.bytes().any(|b| b.is_ascii_digit())
        && text.bytes().any(|b| b.is_ascii_uppercase())
        && !text.bytes().any(|b| b.is_ascii_lowercase())
        && !text.bytes().all(|b| b.is_ascii_hexdigit())
}

fn is_hardware(value: &Value<'_>) -> bool {
    let text = value.get().to_ascii_lowercase();
    !matches!(text.as_str(), "00:00:00:00:00:00" | "ff:ff:ff:ff:ff:ff" | "02:00:00:00:00:00")
        && !value.before(30).to_ascii_lowercase().contains("fingerprint")
}

/// All but those that everyone has.
fn is_uuid(value: &Value<'_>) -> bool {
    let text = value.get().to_ascii_lowercase();
    let bluetooth = text.ends_with("-0000-1000-8000-00805f9b34fb");
    let model = value.before(60).to_ascii_lowercase().contains("aaguid");
    let ours = text.starts_with("a1b2c3d4-0000-4000-8000-");
    !bluetooth && !model && !ours && text.bytes().any(|b| !matches!(b, b'0' | b'f' | b'-'))
}
