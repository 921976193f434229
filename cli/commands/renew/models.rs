//! Scenarios as files for other solvers, in a folder of their own, with an index that says what they ask.

use super::no_answer;
use crate::failure::Failure;
use crate::folder::NewFolder;
use report::{ModelFiles, models_json};
use scenarios::Scenarios;
use scenarios::renewal::Renewal;
use solver::market::{self, Models};
use std::io::Write as _;

/// The index.
const INDEX: &str = "models.json";
/// Most characters of a scenario's name in the name of its files.
const NAME_CHARACTERS_MAX: usize = 40;

/// Writes the models of the scenarios at the positions, and what was found for each of them.
pub(super) fn write(
    scenarios: &Scenarios,
    positions: &[usize],
    renewals: &[Renewal],
    mut folder: NewFolder,
) -> Result<(), Failure> {
    let mut written: Vec<(String, Models)> = Vec::with_capacity(positions.len());
    for &position in positions {
        let case = scenarios.case(position);
        let models = market::models(&case.estate, &case.market);
        let mut models = models.map_err(|error| no_answer(scenarios, position, &error))?;
        let stem = stem(position, scenarios.count(), &case.name);
        if let Some(program) = &mut models.program {
            let text = std::mem::take(&mut program.text);
            folder.add(&format!("{stem}.mps"), |out| out.write_all(text.as_bytes()))?;
        }
        if let Ok(flow) = &mut models.flow {
            let text = std::mem::take(&mut flow.text);
            folder.add(&format!("{stem}.min"), |out| out.write_all(text.as_bytes()))?;
        }
        written.push((stem, models));
    }
    let files = renewals.iter().zip(&written).map(|(renewal, (stem, models))| ModelFiles { renewal, stem, models });
    let index = models_json(&files.collect::<Vec<_>>());
    folder.add(INDEX, |out| out.write_all(index.as_bytes()))?;
    folder.finish()
}

/// The name of a scenario's files without their endings: its number in the file, with as many digits as the last one,
/// which tells them apart, and what of its name every file system takes for the same letters.
fn stem(position: usize, count: usize, name: &str) -> String {
    let digits = count.to_string().len();
    let mut stem = format!("{:0digits$}", position + 1);
    let most = stem.len() + 1 + NAME_CHARACTERS_MAX;
    for word in name.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        stem.push('-');
        stem.push_str(&word.to_ascii_lowercase());
    }
    stem.truncate(most);
    stem.truncate(stem.trim_end_matches('-').len());
    stem
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_are_told_apart_by_number_and_hold_letters_and_digits_alone() {
        assert_eq!(stem(0, 9, "as is"), "1-as-is");
        assert_eq!(stem(0, 10, "apac hires, people=10"), "01-apac-hires-people-10");
        assert_eq!(stem(99_999, 100_000, "../Ünï\\c\u{0}:d*e?"), "100000-n-c-d-e");
        assert_eq!([stem(1, 3, ""), stem(2, 3, "…")], ["2", "3"]);
        assert_eq!(stem(0, 1, &"ab ".repeat(40)), format!("1{}-a", "-ab".repeat(13)));
        assert_eq!(stem(0, 1, &"x".repeat(100)), format!("1-{}", "x".repeat(40)));
    }
}
