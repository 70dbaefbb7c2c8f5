//! Random values of the forms that real ones have; the same every run.

pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % below as u64).unwrap()
    }

    pub fn pick<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len())]
    }

    fn from(&mut self, set: &[u8], length: usize) -> String {
        (0..length).map(|_| char::from(set[self.below(set.len())])).collect()
    }

    pub fn digits(&mut self, length: usize) -> String {
        self.from(b"0123456789", length)
    }

    pub fn hex(&mut self, length: usize) -> String {
        self.from(b"0123456789abcdef", length)
    }

    pub fn upper_hex(&mut self, length: usize) -> String {
        self.hex(length).to_uppercase()
    }

    pub fn base64(&mut self, length: usize) -> String {
        self.from(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", length)
    }

    pub fn base64url(&mut self, length: usize) -> String {
        self.from(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", length)
    }

    pub fn alnum(&mut self, length: usize) -> String {
        self.from(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", length)
    }

    pub fn lower(&mut self, length: usize) -> String {
        self.from(b"abcdefghijklmnopqrstuvwxyz", length)
    }

    /// A team: capitals and digits, with one of each at least, as all real ones have.
    pub fn team(&mut self) -> String {
        loop {
            let team = self.from(b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789", 10);
            if team.bytes().any(|b| b.is_ascii_digit()) && team.bytes().filter(u8::is_ascii_uppercase).count() > 3 {
                return team;
            }
        }
    }

    pub fn serial(&mut self) -> String {
        format!(
            "{}{}",
            self.pick(&["C02", "F17", "DNP", "H7J", "FVF", "GXP", "X0K", "QY7"]),
            self.from(b"ABCDFGHJKLMNPQRTVWXY0123456789", 7) + "0Q"
        )
    }

    pub fn uuid(&mut self) -> String {
        format!("{}-{}-4{}-a{}-{}", self.hex(8), self.hex(4), self.hex(3), self.hex(3), self.hex(12))
    }

    /// A word that nobody has in a list: syllables.
    pub fn word(&mut self) -> String {
        let count = 2 + self.below(2);
        (0..count)
            .map(|_| {
                format!(
                    "{}{}",
                    self.pick(&["b", "br", "d", "f", "gr", "k", "kl", "l", "m", "n", "p", "qu", "r", "s", "sv", "t", "tr", "v", "z"]),
                    self.pick(&["a", "e", "i", "o", "u", "ei", "an", "el", "or"])
                )
            })
            .collect::<String>()
            + self.pick(&["n", "x", "s", "k", "ra"])
    }

    pub fn name(&mut self) -> String {
        let word = self.word();
        let mut letters = word.chars();
        letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()
    }

    pub fn user(&mut self) -> String {
        match self.below(4) {
            0 => format!("{}.{}", self.word(), self.word()),
            1 => format!("{}{}", self.word(), self.digits(2)),
            _ => self.word(),
        }
    }

    pub fn domain(&mut self) -> String {
        format!("{}.{}", self.word(), self.pick(&["com", "io", "de", "co.uk", "org", "net", "app", "dev", "fr"]))
    }

    pub fn email(&mut self) -> String {
        format!("{}@{}", self.user(), self.domain())
    }

    pub fn bundle(&mut self) -> String {
        let end = match self.below(3) {
            0 => format!(".{}", self.word()),
            1 => ".widget".to_owned(),
            _ => String::new(),
        };
        format!("{}.{}.{}{end}", self.pick(&["com", "com", "com", "org", "net", "de", "io", "co"]), self.word(), self.word())
    }

    pub fn v4(&mut self) -> String {
        match self.below(3) {
            0 => format!("192.168.{}.{}", self.below(250), 2 + self.below(250)),
            1 => format!("10.{}.{}.{}", self.below(250), self.below(250), 2 + self.below(250)),
            _ => format!("{}.{}.{}.{}", 20 + self.below(60), self.below(250), self.below(250), 2 + self.below(250)),
        }
    }

    pub fn v6(&mut self) -> String {
        match self.below(3) {
            0 => format!("fe80::{}:{}ff:fe{}:{}", self.hex(4), self.hex(2), self.hex(2), self.hex(4)),
            1 => format!(
                "2a02:{}:{}:{}:{}:{}:{}:{}",
                self.hex(4),
                self.hex(4),
                self.hex(4),
                self.hex(4),
                self.hex(4),
                self.hex(4),
                self.hex(4)
            ),
            _ => format!("2001:{}:{}::{}", self.hex(4), self.hex(4), self.hex(3)),
        }
    }

    pub fn password(&mut self) -> String {
        match self.below(4) {
            0 => self.alnum(12),
            1 => format!("{}{}!", self.name(), self.digits(4)),
            2 => format!("{}-{}", self.word(), self.digits(3)),
            _ => format!("{}${}", self.alnum(6), self.alnum(5)),
        }
    }

    pub fn jwt(&mut self, claims: &str) -> String {
        use base64::Engine as _;
        let encode = |text: &str| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text);
        let header = format!(r#"{{"alg":"ES256","kid":"{}","typ":"JWT"}}"#, self.team());
        format!("{}.{}.{}", encode(&header), encode(claims), self.base64url(86))
    }
}
