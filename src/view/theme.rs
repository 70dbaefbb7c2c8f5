//! What meanings look like: five themes over the same roles.

use crate::app::ThemeName;
use crate::app::ink::Role;
use ratatui::style::{Color, Modifier, Style};

/// A theme: a style for every role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Theme(ThemeName);

/// The colours of a theme that has its own.
struct Palette {
    text: Color,
    dim: Color,
    accent: Color,
    code: Color,
    quiet: [Color; 5],
    critical: Color,
    high: Color,
    medium: Color,
    good: Color,
    evidence: (Color, Color),
    here: (Color, Color),
    selected: Color,
    marked: Color,
}

const fn rgb(value: u32) -> Color {
    let [_, r, g, b] = value.to_be_bytes();
    Color::Rgb(r, g, b)
}

const DARK: Palette = Palette {
    text: Color::Reset,
    dim: rgb(0x8a_8f98),
    accent: rgb(0x7a_b7ff),
    code: rgb(0xd7_ba7d),
    quiet: [rgb(0x7f_8ea3), rgb(0x8f_b573), rgb(0xc4_9bd6), rgb(0x6f_b3b8), rgb(0xc8_a06a)],
    critical: rgb(0xff_6b6b),
    high: rgb(0xff_a657),
    medium: rgb(0xe3_c770),
    good: rgb(0x7e_d491),
    evidence: (rgb(0xff_f1c2), rgb(0x5a_4500)),
    here: (rgb(0x1a_1a1a), rgb(0xff_cf5c)),
    selected: rgb(0x26_4f78),
    marked: rgb(0x33_383f),
};
const LIGHT: Palette = Palette {
    text: Color::Reset,
    dim: rgb(0x5f_6670),
    accent: rgb(0x0b_57b0),
    code: rgb(0x7a_4b00),
    quiet: [rgb(0x55_6377), rgb(0x3d_6b1f), rgb(0x7a_3e93), rgb(0x0f_6a70), rgb(0x84_5200)],
    critical: rgb(0xb3_0f1f),
    high: rgb(0xa0_4500),
    medium: rgb(0x7a_5c00),
    good: rgb(0x1c_6e35),
    evidence: (rgb(0x3a_2c00), rgb(0xff_e9a8)),
    here: (rgb(0x00_0000), rgb(0xff_b300)),
    selected: rgb(0xcf_e3fb),
    marked: rgb(0xe6_e8eb),
};
const CONTRAST: Palette = Palette {
    text: rgb(0xff_ffff),
    dim: rgb(0xd0_d0d0),
    accent: rgb(0x00_ffff),
    code: rgb(0xff_ff00),
    quiet: [rgb(0xd0_d0d0), rgb(0x00_ff00), rgb(0xff_a0ff), rgb(0x00_ffff), rgb(0xff_ff00)],
    critical: rgb(0xff_5050),
    high: rgb(0xff_b000),
    medium: rgb(0xff_ff00),
    good: rgb(0x00_ff00),
    evidence: (rgb(0x00_0000), rgb(0xff_ff00)),
    here: (rgb(0x00_0000), rgb(0xff_ffff)),
    selected: rgb(0x00_00c0),
    marked: rgb(0x40_4040),
};
const SIXTEEN: Palette = Palette {
    text: Color::Reset,
    dim: Color::Reset,
    accent: Color::Blue,
    code: Color::Cyan,
    quiet: [Color::Reset, Color::Green, Color::Magenta, Color::Cyan, Color::Cyan],
    critical: Color::Red,
    high: Color::Red,
    medium: Color::Magenta,
    good: Color::Green,
    evidence: (Color::Black, Color::Yellow),
    here: (Color::White, Color::Red),
    selected: Color::Reset,
    marked: Color::Reset,
};

impl Theme {
    /// The theme of this name.
    #[must_use]
    pub fn of(name: ThemeName) -> Self {
        Self(name)
    }

    /// How a role looks.
    #[must_use]
    pub fn style(self, role: Role) -> Style {
        let palette = match self.0 {
            ThemeName::Dark => &DARK,
            ThemeName::Light => &LIGHT,
            ThemeName::Contrast => &CONTRAST,
            ThemeName::Sixteen => &SIXTEEN,
            ThemeName::Plain => return attributes(role),
        };
        let style = coloured(palette, role);
        match (self.0, role) {
            // Sixteen colours have none that is a background on light and dark terminals alike.
            (ThemeName::Sixteen, Role::Selected) => style.add_modifier(Modifier::REVERSED),
            (ThemeName::Sixteen, Role::Dim | Role::Border | Role::Noise | Role::Time | Role::Comment) => style.add_modifier(Modifier::DIM),
            _ => style,
        }
    }

    /// The ground of the whole screen.
    #[must_use]
    pub fn ground(self) -> Style {
        match self.0 {
            ThemeName::Contrast => Style::new().fg(CONTRAST.text).bg(Color::Rgb(0, 0, 0)),
            _ => Style::new(),
        }
    }
}

fn coloured(palette: &Palette, role: Role) -> Style {
    let [time, process, id, path, number] = palette.quiet;
    let fg = |color: Color| Style::new().fg(color);
    match role {
        Role::Text => fg(palette.text),
        Role::Dim | Role::Border | Role::Low | Role::Noise => fg(palette.dim),
        Role::Title | Role::Heading | Role::Key => fg(palette.accent).add_modifier(Modifier::BOLD),
        Role::Strong => fg(palette.text).add_modifier(Modifier::BOLD),
        Role::Emphasis => fg(palette.text).add_modifier(Modifier::ITALIC),
        Role::Code => fg(palette.code),
        Role::Link => fg(palette.accent).add_modifier(Modifier::UNDERLINED),
        Role::Focus => fg(palette.accent),
        Role::Selected => Style::new().bg(palette.selected).add_modifier(Modifier::BOLD),
        Role::Marked => Style::new().bg(palette.marked),
        Role::Evidence => fg(palette.evidence.0).bg(palette.evidence.1).add_modifier(Modifier::BOLD),
        Role::EvidenceHere => fg(palette.here.0).bg(palette.here.1).add_modifier(Modifier::BOLD),
        Role::Hint => Style::new().add_modifier(Modifier::UNDERLINED),
        Role::Match => fg(palette.here.0).bg(palette.here.1),
        Role::Chosen => Style::new().add_modifier(Modifier::REVERSED),
        Role::Time => fg(time),
        Role::Process | Role::Quoted => fg(process),
        Role::Id | Role::Keyword => fg(id),
        Role::Path => fg(path),
        Role::Number => fg(number),
        Role::Alarm | Role::Bad => fg(palette.critical),
        Role::Comment => fg(palette.dim).add_modifier(Modifier::ITALIC),
        Role::Critical => fg(palette.critical).add_modifier(Modifier::BOLD),
        Role::High => fg(palette.high).add_modifier(Modifier::BOLD),
        Role::Medium => fg(palette.medium),
        Role::Good => fg(palette.good),
    }
}

/// No colours at all.
fn attributes(role: Role) -> Style {
    let with = |modifier: Modifier| Style::new().add_modifier(modifier);
    match role {
        Role::Title | Role::Heading | Role::Strong | Role::Key | Role::Critical | Role::High | Role::Focus | Role::Bad => {
            with(Modifier::BOLD)
        }
        Role::Dim | Role::Border | Role::Noise | Role::Comment => with(Modifier::DIM),
        Role::Emphasis => with(Modifier::ITALIC),
        Role::Link | Role::Hint => with(Modifier::UNDERLINED),
        Role::Selected | Role::EvidenceHere | Role::Match | Role::Chosen => with(Modifier::REVERSED),
        Role::Evidence => with(Modifier::BOLD.union(Modifier::UNDERLINED)),
        _ => Style::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plain_theme_has_no_colour() {
        for role in [Role::Text, Role::Evidence, Role::Critical, Role::Selected, Role::Good, Role::Number, Role::Link] {
            let style = Theme::of(ThemeName::Plain).style(role);
            assert_eq!((style.fg, style.bg), (None, None), "{role:?}");
        }
    }

    #[test]
    fn evidence_and_selection_differ_from_text_in_every_theme() {
        for name in ThemeName::ALL {
            let theme = Theme::of(*name);
            for role in [Role::Evidence, Role::EvidenceHere, Role::Selected, Role::Critical, Role::Link] {
                assert_ne!(theme.style(role), theme.style(Role::Text), "{role:?} in {name:?}");
            }
            assert_ne!(theme.style(Role::Evidence), theme.style(Role::EvidenceHere), "{name:?}");
        }
    }

    /// The contrast of two colours as WCAG counts it.
    fn contrast(a: Color, b: Color) -> f64 {
        let light = |color: Color| {
            let Color::Rgb(r, g, b) = color else { panic!("{color:?}") };
            let part = |value: u8| {
                let value = f64::from(value) / 255.0;
                if value <= 0.039_28 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
            };
            0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b)
        };
        let (a, b) = (light(a), light(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn every_colour_can_be_read_on_its_ground() {
        for (palette, ground) in [(&DARK, rgb(0x1e_1e1e)), (&LIGHT, rgb(0xff_ffff)), (&CONTRAST, rgb(0))] {
            let colours = [palette.dim, palette.accent, palette.code, palette.critical, palette.high, palette.medium, palette.good];
            for colour in colours.iter().chain(&palette.quiet) {
                assert!(contrast(*colour, ground) >= 4.5, "{colour:?} on {ground:?}: {}", contrast(*colour, ground));
            }
            for (front, back) in [palette.evidence, palette.here] {
                assert!(contrast(front, back) >= 4.5, "{front:?} on {back:?}");
            }
        }
    }
}
