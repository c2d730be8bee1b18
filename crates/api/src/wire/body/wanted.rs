//! Parsing no more of a JSON text than is wanted: what stands behind other keys is looked at, so that all of it is
//! JSON, and not kept, however much it is.

use serde::de::{Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::fmt;

/// The object in that text with the wanted ones of its keys, of which the last counts where one is there again; a list,
/// without what is in it; or the text's one value.
pub(super) fn parse(text: &[u8], keys: &'static [&'static str]) -> serde_json::Result<Value> {
    let mut parser = serde_json::Deserializer::from_slice(text);
    let value = Wanted(keys).deserialize(&mut parser)?;
    parser.end()?;
    Ok(value)
}

/// What is wanted of an object.
struct Wanted(&'static [&'static str]);

/// A key of an object, if it is a wanted one.
struct WantedKey(&'static [&'static str]);

/// What is not kept.
struct Skipped;

/// What a visitor makes of values that hold no others.
macro_rules! simple_values {
    ($value:ident => $made:expr) => {
        simple_values! {
            $value => $made;
            visit_bool bool,
            visit_i64 i64,
            visit_u64 u64,
            visit_f64 f64,
            visit_str &str,
        }

        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            let $value = ();
            Ok($made)
        }

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a JSON value")
        }
    };
    ($value:ident => $made:expr; $($method:ident $type:ty,)+) => {$(
        fn $method<E>(self, $value: $type) -> Result<Self::Value, E> {
            Ok($made)
        }
    )+};
}

impl<'de> DeserializeSeed<'de> for Wanted {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, parser: D) -> Result<Value, D::Error> {
        parser.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Wanted {
    type Value = Value;

    simple_values! { value => Value::from(value) }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        while items.next_element::<Skipped>()?.is_some() {}
        Ok(Value::Array(Vec::new()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut wanted = Map::new();
        while let Some(key) = entries.next_key_seed(WantedKey(self.0))? {
            if let Some(key) = key {
                wanted.insert(key.to_owned(), entries.next_value()?);
            } else {
                entries.next_value::<Skipped>()?;
            }
        }
        Ok(Value::Object(wanted))
    }
}

impl<'de> DeserializeSeed<'de> for WantedKey {
    type Value = Option<&'static str>;

    fn deserialize<D: Deserializer<'de>>(self, parser: D) -> Result<Self::Value, D::Error> {
        parser.deserialize_str(self)
    }
}

impl Visitor<'_> for WantedKey {
    type Value = Option<&'static str>;

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        Ok(self.0.iter().find(|wanted| **wanted == key).copied())
    }

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }
}

impl<'de> Deserialize<'de> for Skipped {
    fn deserialize<D: Deserializer<'de>>(parser: D) -> Result<Self, D::Error> {
        parser.deserialize_any(Self)
    }
}

impl<'de> Visitor<'de> for Skipped {
    type Value = Self;

    simple_values! { _value => Self }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self, A::Error> {
        while items.next_element::<Self>()?.is_some() {}
        Ok(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self, A::Error> {
        while entries.next_entry::<Self, Self>()?.is_some() {}
        Ok(self)
    }
}
