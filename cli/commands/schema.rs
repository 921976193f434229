//! `licit schema`: the JSON Schema of a file, as it is committed under `schema/`.

use crate::arguments::{Schema, SchemaOf};
use crate::failure::{Answer, Failure};
use crate::output;

pub(super) fn run(arguments: &Schema) -> Result<Answer, Failure> {
    output::print(match arguments.of {
        SchemaOf::Estate => model::schema::ESTATE,
        SchemaOf::Catalog => model::schema::CATALOG,
        SchemaOf::Scenarios => scenarios::schema::SCENARIOS,
    })?;
    Ok(Answer::Yes)
}
