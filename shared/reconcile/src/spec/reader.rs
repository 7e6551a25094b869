//! Reads TOML tables field by field and notes every mistake in their shape, where serde would stop at the first.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use time::{Date, Month};
use toml::de::{DeTable, DeValue};

use super::shape::{Shape, Type};

/// Where something stands: bytes of the text, and the path in the document.
#[derive(Debug, Clone, Default)]
pub(super) struct Spot {
    pub(super) span: Range<usize>,
    pub(super) path: String,
}

impl Spot {
    /// A field that is not written: the place of its table, the path that it would have.
    pub(super) fn field(&self, name: &str) -> Spot {
        let path = if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) };
        Spot { span: self.span.clone(), path }
    }
}

/// A value with the place that it was read from.
#[derive(Debug, Clone, Default)]
pub(super) struct Located<T> {
    pub(super) value: T,
    pub(super) spot: Spot,
}

/// Strings by key: tags, regions, named policies.
pub(super) type StringMap = BTreeMap<String, Located<String>>;

/// Everything, or a list.
#[derive(Debug, Clone)]
pub(super) enum Choice {
    All,
    These(Vec<Located<String>>),
}

/// The mistakes found so far, and what is no mistake and yet probably not meant.
#[derive(Debug, Default)]
pub(super) struct Mistakes {
    pub(super) found: Vec<(Spot, String)>,
    pub(super) warnings: Vec<(Spot, String)>,
    /// The paths of what was found: a broken text may hold a hundred thousand of them.
    paths: HashSet<String>,
    told: HashSet<(String, String)>,
}

impl Mistakes {
    /// Notes a mistake. Only the first one for a path counts: what follows from a missing or misspelt value is
    /// no news.
    pub(super) fn add(&mut self, spot: &Spot, message: impl Into<String>) {
        if self.paths.insert(spot.path.clone()) {
            self.found.push((spot.clone(), message.into()));
        }
    }

    /// Whether a mistake is noted for the path: then the value is not worth comparing with others.
    pub(super) fn has(&self, spot: &Spot) -> bool {
        self.paths.contains(&spot.path)
    }

    /// Notes something that a spec may say, and whoever wrote it probably takes for something else. Each is told once for a path.
    pub(super) fn warn(&mut self, spot: &Spot, message: impl Into<String>) {
        let message = message.into();
        if self.told.insert((spot.path.clone(), message.clone())) {
            self.warnings.push((spot.clone(), message));
        }
    }

    /// Notes the reason why something was refused, if it was.
    pub(super) fn check(&mut self, spot: &Spot, verdict: Result<(), String>) {
        if let Err(reason) = verdict {
            self.add(spot, reason);
        }
    }
}

/// A table that is being read. It remembers what was asked for: nothing else is allowed in it.
pub(super) struct Fields<'t, 'm> {
    table: &'t DeTable<'t>,
    spot: Spot,
    asked: Vec<&'static str>,
    mistakes: &'m mut Mistakes,
    /// What was asked for and how it looks, where nothing is read but the form of a spec written down.
    shape: Option<Shape>,
}

/// How one kind of table is read.
pub(super) type Read<T> = fn(&mut Fields<'_, '_>) -> T;

impl<'t, 'm> Fields<'t, 'm> {
    /// Reads a whole table with `read`, then refuses the fields that it did not ask for.
    pub(super) fn read<T>(
        table: &'t DeTable<'t>,
        spot: Spot,
        mistakes: &'m mut Mistakes,
        read: Read<T>,
    ) -> T {
        let mut fields = Fields { table, spot, asked: Vec::new(), mistakes, shape: None };
        let value = read(&mut fields);
        for key in fields.table.keys() {
            let name: &str = key.get_ref();
            if !fields.asked.contains(&name) {
                let spot = Spot { span: key.span(), ..fields.spot.field(name) };
                fields
                    .mistakes
                    .add(&spot, format!("unknown field; allowed here: {}", fields.asked.join(", ")));
            }
        }
        value
    }

    /// The form of a kind of table: its reader tells it by what it asks an empty one for.
    pub(super) fn shape_of<T>(read: Read<T>) -> Shape {
        let (table, mut mistakes) = (DeTable::new(), Mistakes::default());
        let mut fields = Fields {
            table: &table,
            spot: Spot::default(),
            asked: Vec::new(),
            mistakes: &mut mistakes,
            shape: Some(Shape::default()),
        };
        read(&mut fields);
        fields.shape.unwrap_or_default()
    }

    /// The form of a table in this one, where it is written down.
    fn inner<T>(&self, read: Read<T>) -> Shape {
        if self.shape.is_some() { Fields::shape_of(read) } else { Shape::default() }
    }

    fn record(&mut self, name: &'static str, form: Type) {
        if let Some(shape) = &mut self.shape {
            shape.add(name, form);
        }
    }

    /// The place of the table itself.
    pub(super) fn spot(&self) -> Spot {
        self.spot.clone()
    }

    fn pick<T>(
        &mut self,
        name: &'static str,
        form: Type,
        convert: impl FnOnce(&'t DeValue<'t>) -> Option<T>,
    ) -> Option<Located<T>> {
        self.asked.push(name);
        let wanted = form.wanted();
        self.record(name, form);
        let found = self.table.get(name)?;
        let spot = Spot { span: found.span(), ..self.spot.field(name) };
        let value = convert(found.get_ref());
        if value.is_none() {
            self.mistakes
                .add(&spot, format!("must be {wanted}, and is of type {}", found.get_ref().type_str()));
        }
        value.map(|value| Located { value, spot })
    }

    pub(super) fn string(&mut self, name: &'static str) -> Option<Located<String>> {
        self.pick(name, Type::String, |value| value.as_str().map(str::to_owned))
    }

    pub(super) fn boolean(&mut self, name: &'static str) -> Option<Located<bool>> {
        self.pick(name, Type::Boolean, DeValue::as_bool)
    }

    pub(super) fn integer(&mut self, name: &'static str) -> Option<Located<i64>> {
        let Located { value, spot } = self.pick(name, Type::Integer, DeValue::as_integer)?;
        let number = i64::from_str_radix(value.as_str(), value.radix()).ok();
        if number.is_none() {
            self.mistakes.add(&spot, "is a number that is too large for anything here; write a smaller one");
        }
        number.map(|value| Located { value, spot })
    }

    pub(super) fn date(&mut self, name: &'static str) -> Option<Located<Date>> {
        self.pick(name, Type::Date, |value| {
            let written = value.as_datetime()?;
            let date = written.date.filter(|_| written.time.is_none())?;
            Date::from_calendar_date(date.year.into(), Month::try_from(date.month).ok()?, date.day).ok()
        })
    }

    /// One of a few words.
    pub(super) fn choice<T: Copy>(
        &mut self,
        name: &'static str,
        allowed: &[(&'static str, T)],
    ) -> Option<Located<T>> {
        self.record(name, Type::Choice(allowed.iter().map(|(word, _)| *word).collect()));
        let Located { value, spot } = self.string(name)?;
        let chosen = allowed.iter().find(|(word, _)| *word == value);
        if chosen.is_none() {
            let words: Vec<&str> = allowed.iter().map(|(word, _)| *word).collect();
            self.mistakes.add(&spot, format!("{value:?} is not known here; allowed: {}", words.join(", ")));
        }
        chosen.map(|(_, value)| Located { value: *value, spot })
    }

    /// A field that must be there.
    pub(super) fn needed<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&mut Self, &'static str) -> Option<Located<T>>,
    ) -> Option<Located<T>> {
        let found = read(self, name);
        if let Some(shape) = &mut self.shape {
            shape.require(name);
        }
        if found.is_none() {
            self.mistakes.add(&self.spot.field(name), "is missing; add it to the table that starts here");
        }
        found
    }

    /// A field that must be there. What stands in for a missing one is at a path that already has its mistake.
    pub(super) fn required<T: Default>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&mut Self, &'static str) -> Option<Located<T>>,
    ) -> Located<T> {
        let found = self.needed(name, read);
        found.unwrap_or_else(|| Located { value: T::default(), spot: self.spot.field(name) })
    }

    pub(super) fn strings(&mut self, name: &'static str) -> Option<Vec<Located<String>>> {
        let list = self.pick(name, Type::Strings, DeValue::as_array)?;
        let mut strings = Vec::new();
        for (index, item) in list.value.iter().enumerate() {
            let spot = Spot { span: item.span(), path: format!("{}[{index}]", list.spot.path) };
            match item.get_ref().as_str() {
                Some(text) => strings.push(Located { value: text.to_owned(), spot }),
                None => self.mistakes.add(&spot, "must be a string"),
            }
        }
        Some(strings)
    }

    /// One word that stands for everything, or a list.
    pub(super) fn all_or_strings(&mut self, name: &'static str, all: &'static str) -> Option<Choice> {
        self.record(name, Type::AllOrStrings(all));
        let Some(DeValue::String(_)) = self.table.get(name).map(|value| value.get_ref()) else {
            return self.strings(name).map(Choice::These);
        };
        self.choice(name, &[(all, ())]).map(|_| Choice::All)
    }

    /// A table of tables with known fields, under any keys.
    pub(super) fn tables_by_name<T>(
        &mut self,
        name: &'static str,
        read: Read<T>,
    ) -> Vec<(Located<String>, T)> {
        let form = Type::TablesByName(self.inner(read));
        let Some(table) = self.pick(name, form, DeValue::as_table) else { return Vec::new() };
        let mut items = Vec::new();
        for (key, value) in table.value {
            let spot = Spot { span: key.span(), ..table.spot.field(key.get_ref()) };
            match value.get_ref().as_table() {
                Some(inner) => {
                    let item = Fields::read(inner, spot.clone(), self.mistakes, read);
                    items.push((Located { value: key.get_ref().to_string(), spot }, item));
                }
                None => self.mistakes.add(&spot, "must be a table"),
            }
        }
        items
    }

    /// A table of strings with any keys.
    pub(super) fn string_map(&mut self, name: &'static str) -> StringMap {
        let table = self.pick(name, Type::StringMap, DeValue::as_table);
        table.map(|table| string_map(table.value, &table.spot, self.mistakes)).unwrap_or_default()
    }

    /// A table of tables of strings, both with any keys.
    pub(super) fn string_maps(&mut self, name: &'static str) -> BTreeMap<String, StringMap> {
        let Some(table) = self.pick(name, Type::StringMaps, DeValue::as_table) else {
            return BTreeMap::new();
        };
        let mut maps = BTreeMap::new();
        for (key, value) in table.value {
            let spot = Spot { span: value.span(), ..table.spot.field(key.get_ref()) };
            match value.get_ref().as_table() {
                Some(inner) => {
                    maps.insert(key.get_ref().to_string(), string_map(inner, &spot, self.mistakes));
                }
                None => self.mistakes.add(&spot, "must be a table of strings"),
            }
        }
        maps
    }

    /// A table with known fields.
    pub(super) fn table<T>(&mut self, name: &'static str, read: Read<T>) -> Option<T> {
        let form = Type::Table(self.inner(read));
        let table = self.pick(name, form, DeValue::as_table)?;
        Some(Fields::read(table.value, table.spot, self.mistakes, read))
    }

    /// A table with known fields; a missing one is read as if it were empty, so that its missing fields are named.
    pub(super) fn table_or_empty<T>(&mut self, name: &'static str, read: Read<T>) -> T {
        let found = self.table(name, read);
        if let Some(shape) = &mut self.shape {
            shape.require(name);
        }
        found.unwrap_or_else(|| {
            let spot = self.spot.field(name);
            Fields::read(&DeTable::new(), spot, self.mistakes, read)
        })
    }

    /// A list of tables with known fields; empty if it is not written.
    pub(super) fn tables<T>(&mut self, name: &'static str, read: Read<T>) -> Vec<T> {
        self.written_tables(name, read).unwrap_or_default()
    }

    /// A list of tables with known fields, where an empty list says something else than none.
    pub(super) fn written_tables<T>(&mut self, name: &'static str, read: Read<T>) -> Option<Vec<T>> {
        let form = Type::Tables(self.inner(read));
        let list = self.pick(name, form, DeValue::as_array)?;
        let mut items = Vec::new();
        for (index, item) in list.value.iter().enumerate() {
            let spot = Spot { span: item.span(), path: format!("{}[{index}]", list.spot.path) };
            match item.get_ref().as_table() {
                Some(table) => items.push(Fields::read(table, spot, self.mistakes, read)),
                None => self.mistakes.add(&spot, "must be a table"),
            }
        }
        Some(items)
    }
}

fn string_map(table: &DeTable<'_>, spot: &Spot, mistakes: &mut Mistakes) -> StringMap {
    let mut map = StringMap::new();
    for (key, value) in table {
        let spot = Spot { span: value.span(), ..spot.field(key.get_ref()) };
        match value.get_ref().as_str() {
            Some(text) => {
                map.insert(key.get_ref().to_string(), Located { value: text.to_owned(), spot });
            }
            None => mistakes
                .add(&spot, format!("must be a string, and is of type {}", value.get_ref().type_str())),
        }
    }
    map
}
