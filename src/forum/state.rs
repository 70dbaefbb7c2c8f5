//! Where a thread stands in the queue.

/// A thread's place in the queue.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum ThreadState {
    /// Not looked at.
    #[default]
    New,
    /// Its author was asked for something.
    NeedsInfo,
    /// A reply was given.
    Answered,
    /// It was pointed to another thread.
    Duplicate,
    /// It was pointed elsewhere.
    OffTopic,
    /// Somebody else looks at it.
    Escalated,
    /// A reply came after it had left the desk.
    Reopened,
    /// Done.
    Closed,
}

impl ThreadState {
    /// Every state, in the order of a queue.
    pub const ALL: &'static [Self] =
        &[Self::New, Self::Reopened, Self::NeedsInfo, Self::Escalated, Self::Answered, Self::Duplicate, Self::OffTopic, Self::Closed];

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::NeedsInfo => "needs-info",
            Self::Answered => "answered",
            Self::Duplicate => "duplicate",
            Self::OffTopic => "off-topic",
            Self::Escalated => "escalated",
            Self::Reopened => "reopened",
            Self::Closed => "closed",
        }
    }

    /// The state that `word` stands for.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|state| state.word() == word)
    }

    /// Whether somebody has to do something.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::New | Self::Reopened | Self::Escalated)
    }

    /// What becomes of it when a reply comes.
    #[must_use]
    pub fn after_reply(self) -> Self {
        match self {
            Self::New | Self::Escalated | Self::Reopened => self,
            _ => Self::Reopened,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_opens_what_had_left_the_desk() {
        for state in ThreadState::ALL {
            let after = state.after_reply();
            assert!(after.is_open(), "{state:?}");
            assert_eq!(after == *state, state.is_open(), "{state:?}");
            assert_eq!(ThreadState::parse(state.word()), Some(*state));
        }
        assert_eq!(ThreadState::parse("done"), None);
    }
}
