//! The form of a spec: which fields a table has and what stands in them, as its reader asks for them.

/// What stands in a field.
#[derive(Debug, Clone)]
pub(super) enum Type {
    String,
    Boolean,
    Integer,
    Date,
    Choice(Vec<&'static str>),
    Strings,
    /// A list of strings, or one word for all of them.
    AllOrStrings(&'static str),
    StringMap,
    StringMaps,
    Table(Shape),
    Tables(Shape),
    TablesByName(Shape),
}

impl Type {
    /// What has to be written, in words.
    pub(super) fn wanted(&self) -> &'static str {
        match self {
            Type::String | Type::Choice(_) => "a string",
            Type::Boolean => "true or false",
            Type::Integer => "a whole number",
            Type::Date => "a date without time and without quotes, such as 2030-12-31",
            Type::Strings | Type::AllOrStrings(_) => "a list of strings",
            Type::StringMap => "a table of strings",
            Type::StringMaps | Type::TablesByName(_) => "a table of tables",
            Type::Table(_) => "a table",
            Type::Tables(_) => "a list of tables",
        }
    }
}

/// The fields of a table.
#[derive(Debug, Clone, Default)]
pub(super) struct Shape {
    pub(super) fields: Vec<Field>,
}

/// A field of a table.
#[derive(Debug, Clone)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) form: Type,
    pub(super) is_required: bool,
}

impl Shape {
    /// Adds a field; what is said of it first counts.
    pub(super) fn add(&mut self, name: &'static str, form: Type) {
        if self.fields.iter().all(|field| field.name != name) {
            self.fields.push(Field { name, form, is_required: false });
        }
    }

    /// Says that a field must be there.
    pub(super) fn require(&mut self, name: &str) {
        for field in self.fields.iter_mut().filter(|field| field.name == name) {
            field.is_required = true;
        }
    }
}
