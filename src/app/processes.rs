//! Who wrote which line of a log.

use crate::text::{Document, clean};
use std::collections::HashMap;

/// The processes of a log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Processes {
    /// Their names, and how many lines each wrote, the busiest first.
    pub names: Vec<(String, usize)>,
    /// For each line the number of its process, one more than its place in `names`; none is 0.
    writers: Vec<u16>,
}

impl Processes {
    /// Reads them. This takes a while on a large log; it runs aside. A line without a name belongs to the line before it.
    #[must_use]
    pub fn read(document: &Document) -> Self {
        let mut numbers: HashMap<String, u16> = HashMap::new();
        let mut counts: Vec<(String, usize)> = Vec::new();
        let mut writers = Vec::with_capacity(document.line_count());
        let mut now = 0;
        for line in 0..document.line_count() {
            if let Some(name) = crate::facts::origin(document.line(line)).process {
                now = numbers.get(name).copied().unwrap_or_else(|| {
                    let next = u16::try_from(counts.len() + 1).unwrap_or(0);
                    if next > 0 {
                        numbers.insert(name.to_owned(), next);
                        counts.push((clean(name).text, 0));
                    }
                    next
                });
            }
            if let Some((_, count)) = usize::from(now).checked_sub(1).and_then(|at| counts.get_mut(at)) {
                *count += 1;
            }
            writers.push(now);
        }
        let mut order: Vec<usize> = (0..counts.len()).collect();
        order.sort_by(|a, b| {
            let of = |at: usize| counts.get(at).map_or((0, ""), |(name, count)| (*count, name.as_str()));
            (of(*b).0, of(*a).1).cmp(&(of(*a).0, of(*b).1))
        });
        let mut renamed = vec![0; counts.len() + 1];
        for (place, old) in order.iter().enumerate() {
            if let Some(slot) = renamed.get_mut(old + 1) {
                *slot = u16::try_from(place + 1).unwrap_or(0);
            }
        }
        let new = |old: u16| renamed.get(usize::from(old)).copied().unwrap_or(0);
        let names = order.iter().filter_map(|at| counts.get(*at).cloned()).collect();
        Self { names, writers: writers.into_iter().map(new).collect() }
    }

    /// The number (from 0) of the process that wrote a line (from 0).
    #[must_use]
    pub fn writer(&self, line: usize) -> Option<u16> {
        self.writers.get(line).copied().and_then(|number| number.checked_sub(1))
    }

    /// The name of a process.
    #[must_use]
    pub fn name(&self, number: u16) -> &str {
        self.names.get(usize::from(number)).map_or("", |(name, _)| name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_without_a_name_belong_to_the_line_before() {
        let log = "first words
2026-11-22 10:00:00.1+0100 Notes[512:1a] one
2026-11-22 10:00:00.2+0100 secd[90:2] two
  more of it
2026-11-22 10:00:00.3+0100 secd[90:2] three
";
        let processes = Processes::read(&Document::new(log.as_bytes()));
        assert_eq!(processes.names, [("secd".to_owned(), 3), ("Notes".to_owned(), 1)]);
        let of: Vec<_> = (0..6).map(|line| processes.writer(line)).collect();
        assert_eq!(of, [None, Some(1), Some(0), Some(0), Some(0), None]);
        assert_eq!(processes.name(1), "Notes");
        assert_eq!(Processes::read(&Document::new(b"")).names, []);
    }
}
