//! CBOR within bounds: depth and number of values are capped, and nothing is reserved for a length that was only announced.

use minicbor::Decoder;
use minicbor::data::Type;

/// Attestations nest four deep.
const DEPTH: usize = 12;
/// Values of one document.
const VALUES: usize = 4_000;

/// A value of CBOR; what attestations do not hold is kept as `Other`.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cbor {
    Integer(i64),
    Bytes(Vec<u8>),
    Text(String),
    Array(Vec<Cbor>),
    Map(Vec<(Cbor, Cbor)>),
    Bool(bool),
    Other(&'static str),
}

impl Cbor {
    /// The value under a key of text.
    pub(super) fn get(&self, key: &str) -> Option<&Cbor> {
        self.entries().iter().find(|(known, _)| matches!(known, Self::Text(text) if text == key)).map(|(_, value)| value)
    }

    /// The value under a number.
    pub(super) fn number(&self, key: i64) -> Option<&Cbor> {
        self.entries().iter().find(|(known, _)| *known == Self::Integer(key)).map(|(_, value)| value)
    }

    /// The entries of a map.
    pub(super) fn entries(&self) -> &[(Cbor, Cbor)] {
        if let Self::Map(entries) = self { entries } else { &[] }
    }

    pub(super) fn bytes(&self) -> Option<&[u8]> {
        if let Self::Bytes(bytes) = self { Some(bytes) } else { None }
    }

    pub(super) fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    pub(super) fn integer(&self) -> Option<i64> {
        if let Self::Integer(number) = self { Some(*number) } else { None }
    }

    /// A value in short.
    pub(super) fn brief(&self) -> String {
        match self {
            Self::Integer(number) => number.to_string(),
            Self::Text(text) => text.clone(),
            Self::Bool(value) => value.to_string(),
            Self::Bytes(bytes) => format!("{} bytes", bytes.len()),
            Self::Array(items) => format!("{} values", items.len()),
            Self::Map(entries) => entries
                .iter()
                .map(|(key, value)| {
                    format!("{}: {}", key.brief(), if matches!(value, Self::Map(_)) { "a map".to_owned() } else { value.brief() })
                })
                .collect::<Vec<_>>()
                .join(", "),
            Self::Other(what) => (*what).to_owned(),
        }
    }
}

/// The first value of `bytes`, and how many bytes it took.
pub(super) fn decode(bytes: &[u8]) -> Result<(Cbor, usize), String> {
    let mut decoder = Decoder::new(bytes);
    let mut left = VALUES;
    let value = value(&mut decoder, 0, &mut left)?;
    Ok((value, decoder.position()))
}

fn value(decoder: &mut Decoder<'_>, depth: usize, left: &mut usize) -> Result<Cbor, String> {
    if depth > DEPTH {
        return Err(format!("nested more than {DEPTH} deep"));
    }
    *left = left.checked_sub(1).ok_or_else(|| format!("more than {VALUES} values"))?;
    let why = |error: minicbor::decode::Error| super::values::shown(&error.to_string(), 120);
    match decoder.datatype().map_err(why)? {
        Type::U8 | Type::U16 | Type::U32 | Type::U64 | Type::I8 | Type::I16 | Type::I32 | Type::I64 | Type::Int => {
            decoder.i64().map(Cbor::Integer).map_err(why)
        }
        Type::Bytes => decoder.bytes().map(|bytes| Cbor::Bytes(bytes.to_vec())).map_err(why),
        Type::String => decoder.str().map(|text| Cbor::Text(text.to_owned())).map_err(why),
        Type::BytesIndef => {
            let mut all = Vec::new();
            for piece in decoder.bytes_iter().map_err(why)? {
                all.extend_from_slice(piece.map_err(why)?);
            }
            Ok(Cbor::Bytes(all))
        }
        Type::StringIndef => {
            let mut all = String::new();
            for piece in decoder.str_iter().map_err(why)? {
                all.push_str(piece.map_err(why)?);
            }
            Ok(Cbor::Text(all))
        }
        Type::Array | Type::ArrayIndef => {
            let count = decoder.array().map_err(why)?;
            let mut items = Vec::new();
            while more(decoder, count, items.len())? {
                items.push(value(decoder, depth + 1, left)?);
            }
            Ok(Cbor::Array(items))
        }
        Type::Map | Type::MapIndef => {
            let count = decoder.map().map_err(why)?;
            let mut entries = Vec::new();
            while more(decoder, count, entries.len())? {
                let key = value(decoder, depth + 1, left)?;
                entries.push((key, value(decoder, depth + 1, left)?));
            }
            Ok(Cbor::Map(entries))
        }
        Type::Bool => decoder.bool().map(Cbor::Bool).map_err(why),
        Type::Tag => {
            decoder.tag().map_err(why)?;
            value(decoder, depth + 1, left)
        }
        Type::Null => decoder.null().map(|()| Cbor::Other("null")).map_err(why),
        _ => decoder.skip().map(|()| Cbor::Other("a value of another kind")).map_err(why),
    }
}

/// Whether a container goes on; one of unknown length ends with a break.
fn more(decoder: &mut Decoder<'_>, count: Option<u64>, have: usize) -> Result<bool, String> {
    if let Some(count) = count {
        return Ok((have as u64) < count);
    }
    match decoder.datatype() {
        Ok(Type::Break) => {
            decoder.skip().map_err(|error| error.to_string())?;
            Ok(false)
        }
        Ok(_) => Ok(true),
        Err(error) => Err(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_arrays_and_pieces() {
        let (value, used) = decode(&[0xa2, 0x61, b'a', 0x5f, 0x41, 1, 0x41, 2, 0xff, 0x03, 0x9f, 0x20, 0xf5, 0xff, 0x00]).unwrap();
        assert_eq!((value.get("a").and_then(Cbor::bytes), used), (Some(&[1, 2][..]), 14));
        assert_eq!(value.number(3), Some(&Cbor::Array(vec![Cbor::Integer(-1), Cbor::Bool(true)])));
    }

    #[test]
    fn absurd_lengths_and_depth_are_refused() {
        for bytes in [
            vec![0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            vec![0x5b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1],
            vec![0xbb, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff],
            vec![0x81; 10_000],
            vec![0x9f; 10_000],
            vec![0xc1; 10_000],
            vec![],
            vec![0x80; 0],
        ] {
            assert!(decode(&bytes).is_err());
        }
        let many = [vec![0x99, 0xff, 0xff], vec![0; 65_535]].concat();
        assert!(decode(&many).unwrap_err().contains("values"));
    }
}
