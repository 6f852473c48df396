//! The fast reader: TOML text straight into a record's struct.
//!
//! The only module that knows the parser behind it. It says *whether* a text fits its struct, not where it doesn't: that is the
//! work of [`super::fault`], which reads the few texts that don't fit a second time. `toml::from_str` can take the place
//! of [`read`]; a property test holds that both agree.

use std::fmt;
use std::ops::Range;

use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Error as _, IntoDeserializer, MapAccess,
    SeqAccess, Unexpected, VariantAccess, Visitor, value::StrDeserializer,
};
use toml_spanner::{Arena, Item, Key, Table, Value};

use super::value::{AS_DAY, AS_TYPED};

/// Reads a record; the error says why it is none, and where.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, Refusal> {
    let arena = Arena::new();
    let document =
        toml_spanner::parse(text, &arena).map_err(|error| Refusal { why: error.message(text), at: None })?;
    let table = document.into_table();
    T::deserialize(TableReader { table: &table, text })
}

/// Runs `f` over the parsed tree of a text; `None` if it is not TOML.
pub fn walk<R>(text: &str, f: impl FnOnce(Node<'_, '_>) -> R) -> Option<R> {
    let arena = Arena::new();
    let document = toml_spanner::parse(text, &arena).ok()?;
    Some(f(Node::Table(document.table())))
}

/// A value of a parsed text, as far as a walk along a shape needs it.
#[derive(Clone, Copy)]
pub enum Node<'a, 't> {
    /// A table.
    Table(&'a Table<'t>),
    /// Anything else.
    Value(&'a Item<'t>),
}

impl<'a, 't> Node<'a, 't> {
    fn of(item: &'a Item<'t>) -> Self {
        item.as_table().map_or(Self::Value(item), Self::Table)
    }

    /// The words of a string.
    pub fn text(self) -> Option<&'a str> {
        match self {
            Self::Value(item) => item.as_str(),
            Self::Table(_) => None,
        }
    }

    /// A string's words or, for another single value, its text as it stands in `source`, the text that was parsed.
    pub fn words<'s>(self, source: &'s str) -> Option<&'s str>
    where
        'a: 's,
    {
        match self {
            Self::Value(item) if item.as_array().is_some() => None,
            Self::Value(item) => Some(item.as_str().unwrap_or(&source[item.span().range()])),
            Self::Table(_) => None,
        }
    }

    /// The value at `key` of a table.
    pub fn get(self, key: &str) -> Option<Self> {
        match self {
            Self::Table(table) => table.get(key).map(Self::of),
            Self::Value(_) => None,
        }
    }

    /// The entries of a table; nothing for other values.
    pub fn entries(self) -> impl Iterator<Item = (&'a str, Self)> {
        let table = match self {
            Self::Table(table) => Some(table),
            Self::Value(_) => None,
        };
        table.into_iter().flatten().map(|(key, item)| (key.as_str(), Self::of(item)))
    }

    /// The items of a list; nothing for other values.
    pub fn items(self) -> impl Iterator<Item = Self> {
        let list = match self {
            Self::Value(item) => item.as_array(),
            Self::Table(_) => None,
        };
        list.into_iter().flatten().map(Self::of)
    }
}

/// Why a text is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The reader's own words.
    pub why: String,
    /// Bytes of the innermost value that is refused, where one is.
    pub at: Option<Range<usize>>,
}

impl Refusal {
    /// The same, of this value unless it is one inside it.
    fn in_value(self, item: &Item<'_>) -> Self {
        Self { at: self.at.or_else(|| Some(item.span().range())), ..self }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.why)
    }
}

impl std::error::Error for Refusal {}

impl serde::de::Error for Refusal {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self { why: message.to_string(), at: None }
    }
}

/// One value together with the text it came from, from which amounts are read digit by digit.
#[derive(Clone, Copy)]
struct Reader<'a, 't> {
    item: &'a Item<'t>,
    text: &'a str,
}

impl Reader<'_, '_> {
    fn as_typed(&self) -> &str {
        &self.text[self.item.span().range()]
    }
}

impl<'a, 't, 'de> Deserializer<'de> for Reader<'a, 't> {
    type Error = Refusal;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        match self.item.value() {
            Value::String(text) => visitor.visit_str(text),
            Value::Integer(number) => match number.as_i64() {
                Some(number) => visitor.visit_i64(number),
                None => Err(Refusal::custom("integer out of range")),
            },
            Value::Float(number) => visitor.visit_f64(*number),
            Value::Boolean(flag) => visitor.visit_bool(*flag),
            Value::DateTime(_) => Err(Refusal::invalid_type(Unexpected::Other("a date"), &visitor)),
            Value::Table(table) => visitor.visit_map(TableReader { table, text: self.text }.entries()),
            Value::Array(array) => {
                let items = array.iter();
                visitor.visit_seq(ListReader { items, text: self.text })
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        match (name, self.item.value()) {
            (AS_TYPED, Value::Integer(_) | Value::Float(_)) => visitor.visit_str(self.as_typed()),
            (AS_TYPED, _) => self.deserialize_any(visitor),
            (AS_DAY, Value::DateTime(_)) => visitor.visit_str(self.as_typed()),
            // A day may be short for a table; who takes none says so.
            (AS_DAY, Value::Table(_)) => self.deserialize_any(visitor),
            (AS_DAY, _) => Err(Refusal::custom("expected a date")),
            _ => visitor.visit_newtype_struct(self),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        match self.item.value() {
            Value::String(variant) => visitor.visit_enum(StrDeserializer::<Refusal>::new(variant)),
            Value::Table(table) if table.len() == 1 => {
                let (variant, item) =
                    table.iter().next().ok_or_else(|| Refusal::custom("expected a variant"))?;
                visitor.visit_enum(VariantReader {
                    variant: variant.as_str(),
                    item: Reader { item, text: self.text },
                })
            }
            _ => Err(Refusal::invalid_type(Unexpected::Other("another value"), &visitor)),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier
    }
}

impl<'a, 't, 'de> IntoDeserializer<'de, Refusal> for Reader<'a, 't> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

struct TableReader<'a, 't> {
    table: &'a Table<'t>,
    text: &'a str,
}

impl<'a, 't> TableReader<'a, 't> {
    fn entries(self) -> EntryReader<'a, 't> {
        EntryReader { entries: self.table.iter(), value: None, text: self.text }
    }
}

impl<'a, 't, 'de> Deserializer<'de> for TableReader<'a, 't> {
    type Error = Refusal;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        visitor.visit_map(self.entries())
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

struct EntryReader<'a, 't> {
    entries: std::slice::Iter<'a, (Key<'t>, Item<'t>)>,
    value: Option<&'a Item<'t>>,
    text: &'a str,
}

impl<'a, 't, 'de> MapAccess<'de> for EntryReader<'a, 't> {
    type Error = Refusal;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Refusal> {
        let Some((key, item)) = self.entries.next() else {
            return Ok(None);
        };
        self.value = Some(item);
        seed.deserialize(StrDeserializer::new(key.as_str())).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Refusal> {
        let item =
            self.value.take().ok_or_else(|| Refusal::custom("a value was asked for before its key"))?;
        seed.deserialize(Reader { item, text: self.text }).map_err(|refusal| refusal.in_value(item))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.entries.len())
    }
}

struct ListReader<'a, 't> {
    items: std::slice::Iter<'a, Item<'t>>,
    text: &'a str,
}

impl<'a, 't, 'de> SeqAccess<'de> for ListReader<'a, 't> {
    type Error = Refusal;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Refusal> {
        let text = self.text;
        let read =
            |item| seed.deserialize(Reader { item, text }).map_err(|refusal: Refusal| refusal.in_value(item));
        self.items.next().map(read).transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len())
    }
}

struct VariantReader<'a, 't> {
    variant: &'a str,
    item: Reader<'a, 't>,
}

impl<'a, 't, 'de> EnumAccess<'de> for VariantReader<'a, 't> {
    type Error = Refusal;
    type Variant = Reader<'a, 't>;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Reader<'a, 't>), Refusal> {
        Ok((seed.deserialize(StrDeserializer::<Refusal>::new(self.variant))?, self.item))
    }
}

impl<'a, 't, 'de> VariantAccess<'de> for Reader<'a, 't> {
    type Error = Refusal;

    fn unit_variant(self) -> Result<(), Refusal> {
        Err(Refusal::custom("this variant takes no value"))
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Refusal> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Refusal> {
        self.deserialize_any(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        self.deserialize_any(visitor)
    }
}
