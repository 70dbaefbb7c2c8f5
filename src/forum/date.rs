//! Dates as forums write them: `Jul ’25`, `4d`, `Yesterday`, ISO 8601, RFC 2822. Relative ones count from the day of the copy.

use crate::pattern::Pattern;
use jiff::civil::Date;
use std::sync::LazyLock;

/// A point in time, and how exactly it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// Seconds since 1970, UTC: the beginning of what is known.
    pub at: i64,
    /// How exact that is.
    pub precision: Precision,
}

/// How exactly a time is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Precision {
    /// To the second.
    Second,
    /// The day.
    Day,
    /// The month.
    Month,
}

/// Seconds of a day.
pub(super) const DAY: i64 = 86_400;

impl Moment {
    /// The number of the day since 1970.
    #[must_use]
    pub fn day(self) -> i64 {
        self.at.div_euclid(DAY)
    }

    /// As ISO 8601 writes it, no more exact than it is known: `2025-07`, `2025-07-04`.
    #[must_use]
    pub fn date(self) -> String {
        let date = Date::new(1970, 1, 1).ok().and_then(|start| start.checked_add(jiff::Span::new().try_days(self.day()).ok()?).ok());
        match (date, self.precision) {
            (None, _) => String::new(),
            (Some(date), Precision::Month) => format!("{:04}-{:02}", date.year(), date.month()),
            (Some(date), _) => date.to_string(),
        }
    }
}

static RELATIVE: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"^(?P<n>\d{1,4}|an?) ?(?P<unit>s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|wks?|weeks?|mo|mos|months?|y|yrs?|years?)(?: ago)?$",
    )
});
static MONTH_YEAR: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(r"^(?P<m>[a-z]{3,9})\.? (?:'(?P<y2>\d{2})|(?P<y4>\d{4}))$"));
static DAY_MONTH: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"^(?:(?P<m>[a-z]{3,9})\.? (?P<d>\d{1,2})(?:st|nd|rd|th)?|(?:[a-z]{3}, )?(?P<d2>\d{1,2})\.? (?P<m2>[a-z]{3,9})\.?)(?:,? (?:'(?P<y2>\d{2})|(?P<y4>\d{4})))?(?P<rest>,? (?:at )?[\d:]+.*)?$",
    )
});
static ISO: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"^(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})(?:[T ](?P<time>\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)?(?P<zone>Z|[+-]\d{2}:?\d{2})?)?$",
    )
});
static CLOCK: LazyLock<Pattern> =
    LazyLock::new(|| Pattern::new(r"\b(?P<h>\d{1,2}):(?P<m>\d{2})(?::(?P<s>\d{2}))?(?: ?(?P<half>[ap])m)?(?: (?P<zone>[+-]\d{4}))?"));

/// Reads a date; `copied` is the time of the copy, in seconds since 1970, from which relative ones count. None where it is no date, or
/// relative without a time of the copy.
#[must_use]
pub fn moment(written: &str, copied: Option<i64>) -> Option<Moment> {
    let text = written.trim().replace(['\u{2019}', '\u{2018}'], "'");
    let text = text.trim_start_matches("Created ").trim_start_matches("Activity ").trim();
    if text.len() > 60 || text.is_empty() {
        return None;
    }
    relative(text, copied).or_else(|| iso(text)).or_else(|| named(text, copied))
}

/// Whether a line is a date, even where it is relative and the day of the copy is unknown.
pub(super) fn is_date(written: &str) -> bool {
    moment(written, Some(0)).is_some()
}

fn relative(text: &str, copied: Option<i64>) -> Option<Moment> {
    let lower = text.to_ascii_lowercase();
    let days_ago = match lower.as_str() {
        "today" | "now" | "just now" | "a moment ago" => Some(0),
        "yesterday" => Some(1),
        _ => None,
    };
    if let Some(days) = days_ago {
        return Some(Moment { at: (copied? - days * DAY).div_euclid(DAY) * DAY, precision: Precision::Day });
    }
    let hit = RELATIVE.find(&lower)?;
    let number: i64 = hit.group("n").parse().unwrap_or(1);
    let unit = hit.group("unit");
    let (seconds, precision) = match unit.chars().next()? {
        's' => (1, Precision::Day),
        'm' if unit.starts_with("mo") => (30 * DAY, Precision::Month),
        'm' => (60, Precision::Day),
        'h' => (3_600, Precision::Day),
        'd' | 'w' if unit.starts_with('w') => (7 * DAY, Precision::Day),
        'd' => (DAY, Precision::Day),
        _ => (365 * DAY, Precision::Month),
    };
    Some(Moment { at: (copied? - number * seconds).div_euclid(DAY) * DAY, precision })
}

fn iso(text: &str) -> Option<Moment> {
    let hit = ISO.find(text)?;
    let day = day_number(hit.group("y").parse().ok()?, hit.group("m").parse().ok()?, hit.group("d").parse().ok()?)?;
    if hit.group("time").is_empty() {
        return Some(Moment { at: day * DAY, precision: Precision::Day });
    }
    let (seconds, _) = clock(hit.group("time"))?;
    Some(Moment { at: day * DAY + seconds - zone(&hit.group("zone").replace(':', "")), precision: Precision::Second })
}

/// `Jul '25`, `Jul 2025`, `Jul 4`, `4 Jul 2025`, `Fri, 4 Jul 2025 10:00:00 +0200`.
fn named(text: &str, copied: Option<i64>) -> Option<Moment> {
    if let Some(hit) = MONTH_YEAR.find(text) {
        let day = day_number(year(hit.group("y2"), hit.group("y4"))?, month(hit.group("m"))?, 1)?;
        return Some(Moment { at: day * DAY, precision: Precision::Month });
    }
    let hit = DAY_MONTH.find(text)?;
    let either = |a: &str, b: &str| if hit.group(a).is_empty() { hit.group(b).to_owned() } else { hit.group(a).to_owned() };
    let (day, month) = (either("d", "d2").parse().ok()?, month(&either("m", "m2"))?);
    let number = match year(hit.group("y2"), hit.group("y4")) {
        Some(year) => day_number(year, month, day)?,
        None => last_such_day(month, day, copied?)?,
    };
    match clock(hit.group("rest")) {
        Some((seconds, offset)) => Some(Moment { at: number * DAY + seconds - offset, precision: Precision::Second }),
        None => Some(Moment { at: number * DAY, precision: Precision::Day }),
    }
}

/// The last day of that name at or before the copy.
fn last_such_day(month: i8, day: i8, copied: i64) -> Option<i64> {
    let year: i16 = Moment { at: copied, precision: Precision::Day }.date().get(..4)?.parse().ok()?;
    let this = day_number(year, month, day)?;
    if this <= copied.div_euclid(DAY) { Some(this) } else { day_number(year - 1, month, day) }
}

/// Seconds of the day, and of the zone's offset.
fn clock(text: &str) -> Option<(i64, i64)> {
    let hit = CLOCK.find(text)?;
    let number = |name: &str| hit.group(name).parse::<i64>().unwrap_or(0);
    let hour = match hit.group("half") {
        "p" | "P" => number("h") % 12 + 12,
        "a" | "A" => number("h") % 12,
        _ => number("h"),
    };
    Some((hour * 3_600 + number("m") * 60 + number("s"), zone(hit.group("zone"))))
}

/// The offset `+0200` in seconds.
fn zone(written: &str) -> i64 {
    let number: i64 = written.trim_start_matches(['+', '-']).parse().unwrap_or(0);
    let seconds = number / 100 * 3_600 + number % 100 * 60;
    if written.starts_with('-') { -seconds } else { seconds }
}

fn year(two: &str, four: &str) -> Option<i16> {
    if two.is_empty() { four.parse().ok() } else { two.parse::<i16>().ok().map(|year| 2_000 + year) }
}

fn month(name: &str) -> Option<i8> {
    const MONTHS: [&str; 12] =
        ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];
    let lower = name.to_ascii_lowercase();
    let at = MONTHS
        .iter()
        .position(|month| lower.len() >= 3 && (month.starts_with(lower.as_str()) || lower == "sept" && *month == "september"))?;
    i8::try_from(at + 1).ok()
}

fn day_number(year: i16, month: i8, day: i8) -> Option<i64> {
    let (date, start) = (Date::new(year, month, day).ok()?, Date::new(1970, 1, 1).ok()?);
    Some(i64::from((date - start).get_days()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-04-10T12:00:00Z.
    const COPIED: i64 = 1_775_822_400;

    fn date(written: &str) -> String {
        moment(written, Some(COPIED)).map(Moment::date).unwrap_or_default()
    }

    #[test]
    fn the_forms_of_forums() {
        for (written, expected) in [
            ("Jul ’25", "2025-07"),
            ("Sept '24", "2024-09"),
            ("Jul 2025", "2025-07"),
            ("4d", "2026-04-06"),
            ("2w", "2026-03-27"),
            ("5h", "2026-04-10"),
            ("13h", "2026-04-09"),
            ("20m", "2026-04-10"),
            ("3mo", "2026-01"),
            ("Yesterday", "2026-04-09"),
            ("Today", "2026-04-10"),
            ("an hour ago", "2026-04-10"),
            ("3 days ago", "2026-04-07"),
            ("Apr 2", "2026-04-02"),
            ("Dec 24", "2025-12-24"),
            ("Jul 12, 2025", "2025-07-12"),
            ("12 Jul 2025", "2025-07-12"),
            ("2025-07-12", "2025-07-12"),
            ("2025-07-12T23:30:00-02:00", "2025-07-13"),
            ("Fri, 4 Jul 2025 23:30:00 -0200", "2025-07-05"),
        ] {
            assert_eq!(date(written), expected, "{written}");
        }
    }

    #[test]
    fn what_is_no_date_is_none_and_a_relative_one_needs_the_copy() {
        for written in ["", "560", "2.9k", "4", "dad", "Jul", "Replies", "13 monkeys", "2025-13-40", "in 3 days", "A title of May 2025"] {
            assert_eq!(moment(written, Some(COPIED)), None, "{written}");
        }
        assert_eq!(moment("4d", None), None);
        assert!(is_date("4d") && moment("Jul ’25", None).is_some());
    }
}
