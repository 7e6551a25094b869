//! Writes all mutants of some sources into these sources, each behind a switch, so that one build serves them all.
//! Usage: `mutants ROOT <LIST`, with what `cargo mutants --list --json` printed of the tree under ROOT, which is changed.
//! Prints the numbers of the mutants that are in. A file `chosen` in the copy then turns one on; the first of the list is 1.

mod render;
mod sites;

use std::{
    collections::{BTreeMap, BTreeSet},
    error::Error,
    fs,
    io::stdin,
    path::Path,
};

use serde::Deserialize;

/// What cargo-mutants says of one.
#[derive(Deserialize)]
struct Listed {
    file: String,
    genre: String,
    replacement: String,
    span: Span,
}

#[derive(Deserialize)]
struct Span {
    start: Place,
}

/// Counted from 1, in characters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
struct Place {
    line: usize,
    column: usize,
}

/// One that is to be written into its file.
#[derive(Clone)]
struct Mutant {
    number: usize,
    replacement: String,
}

/// By what is mutated and where it begins.
type Wanted = BTreeMap<(String, Place), Vec<Mutant>>;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [root, left_out @ ..] = arguments.as_slice() else {
        return Err("usage: mutants ROOT [NUMBER...] <LIST".into());
    };
    let left_out = left_out.iter().map(|number| number.parse()).collect::<Result<BTreeSet<usize>, _>>()?;
    let listed: Vec<Listed> = serde_json::from_reader(stdin())?;
    let mut files: BTreeMap<String, Wanted> = BTreeMap::new();
    for (index, Listed { file, genre, replacement, span }) in listed.into_iter().enumerate() {
        let mutant = Mutant { number: index + 1, replacement };
        if !left_out.contains(&mutant.number) {
            files.entry(file).or_default().entry((genre, span.start)).or_default().push(mutant);
        }
    }
    for (file, wanted) in files {
        let path = Path::new(&root).join(&file);
        let source = fs::read_to_string(&path)?;
        let sites = sites::find(&source, wanted)?;
        for number in sites.iter().flat_map(sites::Site::numbers) {
            println!("{number}");
        }
        fs::write(path, render::render(&source, &sites))?;
    }
    Ok(())
}
