//! `drift man`: one manual page for all commands, since what belongs together is read together.

use std::io::Write;

use clap::Command;
use clap_mangen::Man;

use crate::arguments::{Help, command, help_of};

/// The page, for `man`.
pub(crate) fn page() -> anyhow::Result<String> {
    let drift = command();
    let mut page = Vec::new();
    let man = Man::new(bare(&drift));
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    writeln!(page, ".SH COMMANDS")?;
    for sub in drift.get_subcommands() {
        section(sub, &mut vec![sub.get_name()], &mut page)?;
    }
    if let Some(help) = help_of(&[]) {
        lists(help, ".SH", &mut page)?;
    }
    man.render_version_section(&mut page)?;
    Ok(String::from_utf8(page)?)
}

/// A command and those below it.
fn section<'a>(command: &'a Command, path: &mut Vec<&'a str>, page: &mut Vec<u8>) -> anyhow::Result<()> {
    let name = format!("drift {}", path.join(" "));
    writeln!(page, ".SS \"{name}\"")?;
    let man = Man::new(bare(command).bin_name(name));
    let mut parts: [Vec<u8>; 3] = Default::default();
    man.render_synopsis_section(&mut parts[0])?;
    man.render_description_section(&mut parts[1])?;
    man.render_options_section(&mut parts[2])?;
    for (index, part) in parts.iter().enumerate() {
        let text = String::from_utf8_lossy(part);
        // Within a command's section its parts are no sections of their own.
        let is_own = |line: &&str| ![".SH", ".ie", ".el"].iter().any(|start| line.starts_with(start));
        let body = text.lines().filter(is_own);
        if index > 0 {
            writeln!(page, ".PP")?;
        }
        for line in body {
            writeln!(page, "{line}")?;
        }
    }
    if let Some(help) = help_of(path) {
        lists(help, ".PP\n.B", page)?;
    }
    for sub in command.get_subcommands() {
        path.push(sub.get_name());
        section(sub, path, page)?;
        path.pop();
    }
    Ok(())
}

/// A command without its own help, which every command has.
fn bare(command: &Command) -> Command {
    let command = command.clone().disable_help_flag(true).disable_help_subcommand(true);
    command.subcommand_value_name("command")
}

fn lists(help: &Help, heading: &str, page: &mut Vec<u8>) -> anyhow::Result<()> {
    // What has more than one line is a table, whose lines stay what they are.
    match help.text.lines().count() {
        0 => {}
        1 => writeln!(page, ".PP\n{}", escaped(help.text))?,
        _ => writeln!(page, ".PP\n.nf\n{}\n.fi", escaped(help.text))?,
    }
    if !help.examples.is_empty() {
        writeln!(page, "{heading} \"EXAMPLES\"\n.PP\n.nf")?;
        for (command, meaning) in help.examples {
            let meaning = if meaning.is_empty() { String::new() } else { format!("   # {meaning}") };
            writeln!(page, "{}", escaped(&format!("{command}{meaning}")))?;
        }
        writeln!(page, ".fi")?;
    }
    let lists = [("ENVIRONMENT", help.environment), ("EXIT STATUS", help.exit_codes)];
    for (title, rows) in lists.into_iter().filter(|(_, rows)| !rows.is_empty()) {
        writeln!(page, "{heading} \"{title}\"")?;
        for (name, meaning) in rows {
            writeln!(page, ".TP\n{}\n{}", escaped(name), escaped(meaning))?;
        }
    }
    Ok(())
}

/// As roff takes a text for a text.
fn escaped(text: &str) -> String {
    let text = text.replace('\\', "\\e").replace('-', "\\-");
    let line =
        |line: &str| if line.starts_with(['.', '\'']) { format!("\\&{line}") } else { line.to_owned() };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}
