//! The one place that calls C: the safe interface of HiGHS reads no files.
#![allow(unsafe_code)]

use std::ffi::CString;

/// What HiGHS finds to be the least cost of an MPS file; none if it says that there is no point.
pub(crate) fn least_of_file(path: &std::path::Path) -> Option<f64> {
    let name = CString::new(path.to_str().unwrap()).unwrap();
    let mut model = highs::Model::new(highs::RowProblem::default());
    model.make_quiet();
    // The pointer is that of a model that lives to the end of this function, the name ends with a zero.
    let status = unsafe { highs_sys::Highs_readModel(model.as_mut_ptr(), name.as_ptr()) };
    assert_eq!(status, highs_sys::STATUS_OK, "HiGHS reads the file");
    for (option, value) in [("mip_rel_gap", 0.0), ("mip_abs_gap", 0.0)] {
        model.set_option(option, value);
    }
    model.set_threads(std::num::NonZeroU32::new(1).unwrap());
    let solved = model.solve();
    (solved.status() == highs::HighsModelStatus::Optimal).then(|| solved.objective_value())
}
