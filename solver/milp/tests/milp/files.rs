//! The files that the program writes for its example, read by HiGHS' own reader.

use crate::ffi;
use std::path::Path;

#[test]
fn the_models_of_the_example_cost_what_their_index_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/formats/models");
    let text = std::fs::read_to_string(folder.join("models.json")).unwrap();
    let index: serde_json::Value = serde_json::from_str(&text).unwrap();
    let models = index["models"].as_array().unwrap();
    for model in models {
        assert_eq!(model["standing"], "optimal");
        let least = ffi::least_of_file(&folder.join(model["mps"]["file"].as_str().unwrap()));
        let least = least.map(|least| least.round().to_string());
        assert_eq!(least, Some(model["mps"]["cost"].to_string()), "{}", model["scenario"]);
    }
    assert_eq!(models.len(), 2);
}
