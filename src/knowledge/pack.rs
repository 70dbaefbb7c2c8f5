//! Packs: reading `pack.yaml`, and the account of what each overlay adds, replaces, disables and tunes.

use super::body::nearest;
use super::front_matter::{self, RawPack, YamlError};
use super::load::{Knowledge, Overlay, SourceFile};
use super::origin::Pack;
use super::problem::Kind;
use std::sync::Arc;

/// The file that describes a pack.
pub const PACK_FILE: &str = "pack.yaml";

/// What an overlay does to the pages, the guides or the codes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Those that were not there.
    pub added: Vec<String>,
    /// Those that were there.
    pub replaced: Vec<String>,
    /// Those that are gone.
    pub disabled: Vec<String>,
}

/// One thing that an `overlay.yaml` says of a page.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tuning {
    /// The id, as written.
    pub id: String,
    /// `disable`, `severity`, `confidence` or `notes`.
    pub key: &'static str,
    /// The level or the text; empty where there is none.
    pub value: String,
}

/// An overlay and what it does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Layer {
    /// What it is.
    pub pack: Arc<Pack>,
    /// Pages.
    pub pages: Changes,
    /// Guides.
    pub guides: Changes,
    /// Codes, as `DOMAIN:CODE`.
    pub codes: Changes,
    /// What it tunes, by id.
    pub tuning: Vec<Tuning>,
}

impl Knowledge {
    /// Begins a layer: reads what the overlay says of itself.
    pub(super) fn begin(&mut self, overlay: &Overlay) {
        let rank = self.layers.len() + 1;
        let own = format!("{}/{PACK_FILE}", overlay.name);
        let file = overlay.files.iter().find(|file| file.path == own || file.path == PACK_FILE);
        let called = overlay.name.trim_end_matches('/').rsplit('/').next().unwrap_or("");
        let unnamed = Pack { name: crate::text::clean(called).text, folder: overlay.name.clone(), rank, ..Pack::default() };
        let pack = file.and_then(|file| self.read_pack(file)).map_or(unnamed, |pack| Pack { folder: overlay.name.clone(), rank, ..pack });
        self.layers.push(Layer { pack: Arc::new(pack), ..Layer::default() });
    }

    fn read_pack(&mut self, file: &SourceFile) -> Option<Pack> {
        let raw = match front_matter::parse::<RawPack>(&file.text) {
            Ok(raw) => raw,
            Err(error) => {
                let hint = pack_hint(&error);
                self.say(file, error.line, error.column, Kind::Yaml, error.message, &hint);
                return None;
            }
        };
        let mut owners = raw.owner.map(|owner| owner.list()).unwrap_or_default();
        owners.extend(raw.owners);
        if raw.name.trim().is_empty() || raw.name.chars().count() > 60 {
            self.say_at(
                file,
                "name:",
                Kind::Overlay,
                "a pack's name has 1 to 60 characters".into(),
                "Name the pack as your team calls it.",
            );
            return None;
        }
        if owners.iter().all(|owner| owner.trim().is_empty()) {
            self.say_at(file, "name:", Kind::Overlay, format!("pack `{}` has no owner", raw.name), "Add `owner:` with who answers for it.");
        }
        if let Some(minimum) = &raw.minimum_pitfall {
            match (numbers(minimum), numbers(env!("CARGO_PKG_VERSION"))) {
                (Some(wanted), Some(have)) if wanted > have => {
                    let message = format!("pack `{}` asks for pitfall {minimum}, this is {}", raw.name, env!("CARGO_PKG_VERSION"));
                    self.say_at(file, "minimum-pitfall:", Kind::Overlay, message, "Bring pitfall up to date; what it can read is used.");
                }
                (None, _) => {
                    let message = format!("`{minimum}` is no version of pitfall");
                    self.say_at(file, "minimum-pitfall:", Kind::Overlay, message, "Write it as numbers with dots: \"0.1.0\".");
                }
                _ => {}
            }
        }
        let one_line = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
        Some(Pack {
            name: one_line(raw.name),
            version: raw.version.map(one_line),
            owners: owners.into_iter().map(one_line).filter(|owner| !owner.is_empty()).collect(),
            description: raw.description.map(one_line),
            homepage: raw.homepage.map(one_line),
            minimum: raw.minimum_pitfall,
            ..Pack::default()
        })
    }

    /// Notes in the account of the current layer what happened.
    pub(super) fn account(&mut self, changes: impl Fn(&mut Layer) -> &mut Vec<String>, id: &str) {
        if let Some(layer) = self.layers.last_mut() {
            changes(layer).push(id.to_owned());
        }
    }
}

/// The numbers of a version such as `1.2.3`, without what follows them.
fn numbers(version: &str) -> Option<[u64; 3]> {
    let mut out = [0; 3];
    let parts: Vec<&str> = version.trim().split(['-', '+']).next()?.split('.').collect();
    if parts.len() > 3 {
        return None;
    }
    for (place, part) in out.iter_mut().zip(parts) {
        *place = part.parse().ok()?;
    }
    Some(out)
}

fn pack_hint(error: &YamlError) -> String {
    near_field(&error.message).unwrap_or_else(|| {
        "pack.yaml holds name, owner (or owners), and perhaps version, description, homepage, minimum-pitfall.".to_owned()
    })
}

/// The known key that is near to the unknown one of a message of the reader.
pub(super) fn near_field(message: &str) -> Option<String> {
    let mut words =
        message.strip_prefix("unknown field ").or_else(|| message.split("unknown field ").nth(1))?.split('`').skip(1).step_by(2);
    let unknown = words.next()?;
    nearest(unknown, words).map(|near| format!("Did you mean `{near}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(pack: &str) -> Knowledge {
        let files = vec![SourceFile::new("team/kb/pack.yaml".into(), pack.into())];
        Knowledge::load(Vec::new(), Vec::new(), vec![Overlay { name: "team/kb".into(), files, ..Overlay::default() }])
    }

    #[test]
    fn a_pack_says_what_it_is() {
        let knowledge =
            load("name: Payments\nversion: \"1.10\"\nowner: [Ana, Bo]\ndescription: |\n  Two\n  lines\nminimum-pitfall: 0.0.1\n");
        assert!(knowledge.problems().is_empty(), "{:?}", knowledge.problems());
        let pack = &knowledge.layers()[0].pack;
        assert_eq!((pack.to_string().as_str(), pack.folder.as_str(), pack.rank), ("Payments 1.10", "team/kb", 1));
        assert_eq!((pack.owners.join("+").as_str(), pack.description.as_deref()), ("Ana+Bo", Some("Two lines")));
    }

    #[test]
    fn without_a_description_the_folder_names_it() {
        let knowledge = Knowledge::load(Vec::new(), Vec::new(), vec![Overlay { name: "team/kb".into(), ..Overlay::default() }]);
        assert_eq!((knowledge.layers()[0].pack.name.as_str(), knowledge.problems().len()), ("kb", 0));
    }

    #[test]
    fn mistakes_have_their_place_and_a_way_out() {
        for (pack, told) in [
            ("name: A\nowner: x\nverson: \"1\"\n", "team/kb/pack.yaml:3:1: K02 unknown field `verson`"),
            ("name: A\n", "team/kb/pack.yaml:1:1: K25 pack `A` has no owner"),
            ("owner: A\n", "K02 missing field `name`"),
            ("name: A\nowner: x\nminimum-pitfall: \"99.0\"\n", "team/kb/pack.yaml:3:1: K25 pack `A` asks for pitfall 99.0"),
            ("name: A\nowner: x\nminimum-pitfall: soon\n", "team/kb/pack.yaml:3:1: K25 `soon` is no version"),
        ] {
            let knowledge = load(pack);
            let problems: Vec<String> = knowledge.problems().iter().map(ToString::to_string).collect();
            assert!(problems.len() == 1 && problems[0].contains(told), "{told}: {problems:?}");
        }
        assert!(load("name: A\nowner: x\nverson: \"1\"\n").problems()[0].hint.contains("`version`"));
        assert_eq!(load("name: A\nowner: x\nversion: 1.10\n").layers()[0].pack.version.as_deref(), Some("1.10"), "as it is written");
    }

    #[test]
    fn versions_are_compared_as_numbers() {
        assert!(numbers("0.10.0") > numbers("0.9") && numbers("1.0.0-rc.1") == numbers("1") && numbers("1.2.3.4").is_none());
    }
}
