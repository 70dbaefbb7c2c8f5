//! What kinds of values are taken out of a text.

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $word:literal, $title:literal, $groups:expr;)+) => {
        /// What a value is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind { $($(#[$doc])* $variant),+ }
        impl Kind {
            /// Every kind; what is worse to lose comes first.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// Its word in files and JSON; does not change once released.
            #[must_use]
            pub fn word(self) -> &'static str { match self { $(Self::$variant => $word),+ } }
            /// What it is called for people.
            #[must_use]
            pub fn title(self) -> &'static str { match self { $(Self::$variant => $title),+ } }
            /// The kind of what stands in a group of a pattern: `token`, `token2`…
            pub(super) fn of_group(name: &str) -> Option<Self> {
                let name = name.trim_end_matches(|c: char| c.is_ascii_digit());
                match name { $(name if $groups == name => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

kinds! {
    /// The body of a private key or of another PEM block.
    Key = "private-key", "private key", "key";
    /// A token: JWT, bearer token, API key, push token.
    Token = "token", "token", "token";
    /// A password or another shared secret.
    Password = "password", "password or secret", "password";
    /// An authorization code of OAuth.
    Code = "oauth-code", "OAuth code", "code";
    /// What a keychain item holds.
    Keychain = "keychain-content", "keychain content", "keychain";
    /// The value of a cookie.
    Cookie = "cookie", "cookie", "cookie";
    /// An e-mail address, an Apple ID among them.
    Email = "e-mail", "e-mail address", "email";
    /// The number of an account.
    Account = "account", "account number", "account";
    /// Who a token is about.
    Subject = "subject", "subject of a token", "subject";
    /// A telephone number.
    Phone = "phone", "telephone number", "phone";
    /// The name of a person or an organisation.
    Name = "name", "name", "name";
    /// The name of a user on a machine.
    User = "user", "user name", "user";
    /// The name of a device.
    Device = "device", "device name", "device";
    /// The UDID or ECID of a device.
    DeviceId = "device-id", "device identifier", "udid";
    /// A serial number, IMEI or hardware address.
    Serial = "serial", "serial number", "serial";
    /// The name of a host or a domain.
    Host = "host", "host name", "host";
    /// An address of the Internet Protocol.
    Address = "address", "IP address", "address";
    /// A team identifier.
    Team = "team", "team identifier", "team";
    /// The identifier of a signing key.
    KeyId = "key-id", "key identifier", "kid";
    /// A bundle identifier, Services ID or app group.
    Bundle = "bundle-id", "bundle identifier", "bundle";
    /// A UUID.
    Uuid = "uuid", "UUID", "uuid";
    /// A value that the user named.
    Added = "added", "named by you", "added";
}

impl Kind {
    /// The kind that is called so in files.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.word() == word)
    }
}

impl std::fmt::Display for Kind {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(self.title())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_unique_and_read_back() {
        for kind in Kind::ALL {
            assert_eq!(Kind::parse(kind.word()), Some(*kind));
        }
        assert_eq!((Kind::of_group("token2"), Kind::of_group("x")), (Some(Kind::Token), None));
    }
}
