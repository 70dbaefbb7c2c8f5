//! Stand-ins that keep the form of a value: its length, its punctuation, its kinds of characters.

/// A secret of which only the form is left: `REDACTED1REDACTED1…` with the value's length and punctuation. One of hexadecimal digits stays one.
pub(super) fn filled(value: &str, number: usize) -> String {
    const SHORT: usize = 12;
    let solid = value.chars().filter(|c| c.is_alphanumeric()).count();
    if solid < SHORT {
        return format!("REDACTED{number}");
    }
    if value.chars().all(|c| c.is_ascii_hexdigit() || c == ' ') {
        return numbered(value, number);
    }
    let word = format!("REDACTED{number}");
    let mut word = word.chars().cycle();
    let mut before = ' ';
    let fill = |c: char| {
        // The n of an escaped line end is no character of a key.
        let keep = !c.is_alphanumeric() || before == '\\';
        before = c;
        if keep { c } else { word.next().unwrap_or('R') }
    };
    value.chars().map(fill).collect()
}

/// An identifier of the same form: digits become 0, letters X or x (A or a where the value is hexadecimal), the end tells the number.
pub(super) fn numbered(value: &str, number: usize) -> String {
    let hex = value.chars().filter(|c| c.is_alphanumeric()).all(|c| c.is_ascii_hexdigit());
    let (upper, lower) = if hex { ('A', 'a') } else { ('X', 'x') };
    let form = |c: char| match c {
        c if c.is_numeric() => '0',
        c if c.is_uppercase() => upper,
        c if c.is_alphabetic() => lower,
        c => c,
    };
    with_number(value.chars().map(form).collect(), number)
}

/// Digits become 0, the last ones tell the number; the rest stays.
pub(super) fn digits(value: &str, number: usize) -> String {
    with_number(value.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect(), number)
}

/// Writes the number over the last letters and digits.
fn with_number(mut form: Vec<char>, number: usize) -> String {
    let mut rest = number;
    for c in form.iter_mut().rev().filter(|c| c.is_alphanumeric()) {
        *c = char::from(b'0' + u8::try_from(rest % 10).unwrap_or(0));
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    form.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn form_and_length_stay() {
        assert_eq!(filled("a1B2-c3D4e5F6_g7H8", 2), "REDA-CTED2RED_ACTE");
        assert_eq!(filled("MIGT\\nAgEA\\nMBMG", 1), "REDA\\nCTED\\n1RED");
        assert_eq!(filled("hunter2", 1), "REDACTED1");
        assert_eq!(filled("740f4707 bebcf74f 9b7c25d4", 3), "000a0000 aaaaa00a 0a0a0003");
        assert_eq!(numbered("C02XG2JHJGH5", 12), "X00XX0XXXX12");
        assert_eq!(numbered("00008110-001A2B3C4D5E6F78", 1), "00000000-000A0A0A0A0A0A01");
        assert_eq!(digits("001234.0567", 34), "000000.0034");
    }
}
