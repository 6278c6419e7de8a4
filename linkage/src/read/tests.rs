use super::*;
use crate::progress::Silent;

#[test]
fn nothing_in_gives_nothing_out() {
    let records = read(&Inputs::default(), &Silent).expect("read");
    assert!(records.files.is_empty() && records.quarantine.is_empty());
}
