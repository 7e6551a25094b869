//! Gives the things of the map their places: three columns, in each the regions one below the other.

use std::collections::BTreeMap;

use reconcile::words::clean;

use super::{Box, Edge, Heading, Line, Map, Mark};

const TOP: i32 = 34;
const LINE: i32 = 19;
const PADDING: i32 = 9;
const GAP: i32 = 10;
const REGION: i32 = 26;
/// How wide a letter is at the most, nearly always.
const LETTER: i32 = 7;

/// Where a thing stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Column {
    Plans,
    Vaults,
    Copies,
}

impl Column {
    const ALL: [Column; 3] = [Column::Plans, Column::Vaults, Column::Copies];

    fn x(self) -> i32 {
        match self {
            Column::Plans => 0,
            Column::Vaults => 470,
            Column::Copies => 850,
        }
    }

    fn width(self) -> i32 {
        match self {
            Column::Plans => 400,
            Column::Vaults | Column::Copies => 300,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Column::Plans => "Plans and their rules",
            Column::Vaults => "Vaults",
            Column::Copies => "Copies",
        }
    }
}

/// A thing without its place.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) mark: Mark,
    pub(super) lines: Vec<Text>,
}

impl Item {
    pub(super) fn new(id: &str, kind: &str, name: &str, mark: Mark) -> Self {
        Self { id: id.to_owned(), title: format!("{kind} {}", clean(name)), mark, lines: Vec::new() }
    }
}

/// A line without its place.
#[derive(Debug)]
pub(super) struct Text {
    pub(super) text: String,
    pub(super) mark: Option<Mark>,
    /// The name by which an edge begins here.
    pub(super) anchor: Option<String>,
}

impl Text {
    pub(super) fn plain(text: String) -> Self {
        Self { text, mark: None, anchor: None }
    }

    pub(super) fn marked(text: String, mark: Mark) -> Self {
        Self { text, mark: Some(mark), anchor: None }
    }
}

/// All things, by column and region.
#[derive(Debug, Default)]
pub(super) struct Arrangement {
    items: BTreeMap<(Column, String), Vec<Item>>,
    edges: Vec<(String, String, Mark)>,
}

impl Arrangement {
    pub(super) fn add(&mut self, column: Column, region: &str, item: Item) {
        self.items.entry((column, region.to_owned())).or_default().push(item);
    }

    pub(super) fn connect(&mut self, from: &str, to: &str, mark: Mark) {
        self.edges.push((from.to_owned(), to.to_owned(), mark));
    }

    pub(super) fn into_map(self) -> Map {
        let mut places = Places::default();
        let mut map = Map { width: 0, height: 0, headings: Vec::new(), edges: Vec::new(), boxes: Vec::new() };
        for column in Column::ALL {
            map.headings.push(Heading { x: column.x(), y: 16, text: column.name().to_owned() });
        }
        let mut bottoms: BTreeMap<Column, i32> = BTreeMap::new();
        for ((column, region), items) in self.items {
            let y = bottoms.entry(column).or_insert(TOP);
            if !region.is_empty() {
                map.headings.push(Heading { x: column.x(), y: *y + 17, text: clean(&region) });
                *y += REGION;
            }
            for item in items {
                let made = place(item, column, *y, &mut places);
                *y += made.height + GAP;
                map.boxes.push(made);
            }
        }
        map.width = Column::Copies.x() + Column::Copies.width();
        map.height = bottoms.into_values().max().unwrap_or(TOP);
        let edges = self.edges.into_iter();
        map.edges = edges.filter_map(|(from, to, mark)| places.edge(&from, &to, mark)).collect();
        // What is drawn last is on top.
        map.edges.sort_by_key(|edge| edge.mark.state != "in-sync");
        map
    }
}

fn place(item: Item, column: Column, y: i32, places: &mut Places) -> Box {
    let (x, width) = (column.x(), column.width());
    let count = i32::try_from(item.lines.len()).unwrap_or_default() + 1;
    let height = count * LINE + 2 * PADDING - 4;
    let room = usize::try_from((width - 40) / LETTER).unwrap_or_default();
    let baseline = |index: usize| y + PADDING + 12 + i32::try_from(index).unwrap_or_default() * LINE;
    places.left.insert(item.id.clone(), (x, y + 18));
    places.right.insert(item.id, (x + width, y + 18));
    let label = format!("{}: {}", item.title, item.mark.words);
    let (text, whole) = cut(&item.title, room);
    let mut lines = vec![Line { y: baseline(0), text, whole, is_title: true, mark: item.mark.clone() }];
    for (index, line) in item.lines.into_iter().enumerate() {
        let y = baseline(index + 1);
        if let Some(anchor) = line.anchor {
            places.right.insert(anchor, (x + width, y - 4));
        }
        let (text, whole) = cut(&line.text, room);
        let plain = Mark { state: "plain", severity: None, sign: "", href: None, words: String::new() };
        lines.push(Line { y, text, whole, is_title: false, mark: line.mark.unwrap_or(plain) });
    }
    Box { x, y, width, height, label, mark: item.mark, lines }
}

/// As many letters as there is room for; and all of them, where that is more.
fn cut(text: &str, room: usize) -> (String, Option<String>) {
    if text.chars().count() <= room {
        return (text.to_owned(), None);
    }
    let start: String = text.chars().take(room - 1).collect();
    (format!("{start}…"), Some(text.to_owned()))
}

/// Where edges begin and end.
#[derive(Debug, Default)]
struct Places {
    left: BTreeMap<String, (i32, i32)>,
    right: BTreeMap<String, (i32, i32)>,
}

impl Places {
    fn edge(&self, from: &str, to: &str, mark: Mark) -> Option<Edge> {
        let (x, y) = *self.right.get(from)?;
        let (to_x, to_y) = *self.left.get(to)?;
        // Copies between two vaults of one column go around the right side.
        if to_x < x {
            let (end_x, end_y) = *self.right.get(to)?;
            let around = x + 36;
            return Some(Edge {
                path: format!("M{x} {y} C{around} {y} {around} {end_y} {end_x} {end_y}"),
                mark,
            });
        }
        let half = (to_x - x) / 2;
        Some(Edge { path: format!("M{x} {y} C{} {y} {} {to_y} {to_x} {to_y}", x + half, to_x - half), mark })
    }
}
