//! `licit generate`: a synthetic estate in a folder of its own, written whole or not at all.

use crate::arguments::{EstateShape, EstateSize, Generate, TableFormat};
use crate::failure::{Answer, Failure};
use crate::folder::NewFolder;
use crate::output;
use crate::settings::Settings;
use model::synthetic::{self, File, Scale, Shape, Size, Synthetic, Tables};
use std::fmt::Write as _;
use std::path::Path;

pub(super) fn run(arguments: &Generate, settings: &Settings) -> Result<Answer, Failure> {
    let size = match arguments.size {
        Some(size) => Size::of(scale(size), arguments.tightness),
        None => Size::new(arguments.installs, arguments.versions, arguments.tightness),
    };
    let size = size.map_err(|error| Failure::refused(error.to_string()))?;
    let mut folder = NewFolder::create("--out", &arguments.out)?;
    let drawn = synthetic::draw(arguments.seed, &size, shape(arguments));
    let tables = match arguments.tables {
        TableFormat::Csv => Tables::Csv,
        TableFormat::Parquet => Tables::Parquet,
    };
    // The tables before the estate that needs them.
    for file in File::ALL {
        folder.add(file.name(tables), |out| drawn.write(file, tables, out))?;
    }
    folder.finish()?;
    if !settings.is_quiet {
        output::print(&said(&drawn, tables, &arguments.out))?;
    }
    Ok(Answer::Yes)
}

fn scale(size: EstateSize) -> Scale {
    match size {
        EstateSize::S => Scale::S,
        EstateSize::M => Scale::M,
        EstateSize::L => Scale::L,
        EstateSize::Xl => Scale::Xl,
    }
}

fn shape(arguments: &Generate) -> Shape {
    let usual = if arguments.size.is_some() { EstateShape::Sites } else { EstateShape::Mixed };
    match arguments.shape.unwrap_or(usual) {
        EstateShape::Plain => Shape::Plain,
        EstateShape::Upgrades => Shape::Upgrades,
        EstateShape::Sites => Shape::Sites,
        EstateShape::Assigned => Shape::Assigned,
        EstateShape::Mixed => Shape::Mixed,
    }
}

/// What was written, and what to do with it.
fn said(drawn: &Synthetic, tables: Tables, folder: &Path) -> String {
    let mut text = String::new();
    for file in File::ALL {
        let rows = match drawn.rows(file) {
            None => String::new(),
            Some(1) => " (1 row)".to_owned(),
            Some(rows) => format!(" ({rows} rows)"),
        };
        let _ = writeln!(text, "wrote {}{rows}", folder.join(file.name(tables)).display());
    }
    let _ = writeln!(text, "next: licit position {}", folder.join(File::Estate.name(tables)).display());
    text
}
