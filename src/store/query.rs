//! Queries of the queue in words: `state:new topic:siwa kind:question words`, as views are kept and filters typed.

use super::queue::ThreadQuery;
use crate::forum::ThreadState;
use std::fmt;

impl ThreadQuery {
    /// Reads a query.
    ///
    /// # Errors
    /// A sentence that names an unknown state.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut query = Self::default();
        let mut words: Vec<&str> = Vec::new();
        for word in text.split_whitespace() {
            match word.split_once(':') {
                Some(("state", state)) => query.states.push(ThreadState::parse(state).ok_or_else(|| format!("unknown state `{state}`"))?),
                Some(("topic", topic)) => query.topic = Some(topic.to_owned()),
                Some(("kind", kind)) => query.kind = Some(kind.to_owned()),
                _ => words.push(word),
            }
        }
        query.words = words.join(" ");
        Ok(query)
    }
}

impl fmt::Display for ThreadQuery {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts: Vec<String> = self.states.iter().map(|state| format!("state:{}", state.word())).collect();
        parts.extend(self.topic.iter().map(|topic| format!("topic:{topic}")));
        parts.extend(self.kind.iter().map(|kind| format!("kind:{kind}")));
        parts.extend((!self.words.is_empty()).then(|| self.words.clone()));
        out.write_str(&parts.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_what_its_words_say() {
        let text = "state:new state:needs-info topic:siwa kind:question invalid client";
        let query = ThreadQuery::parse(text).unwrap();
        assert_eq!((query.states.len(), query.topic.as_deref(), query.words.as_str()), (2, Some("siwa"), "invalid client"));
        assert_eq!(query.to_string(), text);
        assert!(ThreadQuery::parse("state:nope").is_err());
        assert_eq!(ThreadQuery::parse("").unwrap(), ThreadQuery::default());
    }
}
