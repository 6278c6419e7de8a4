//! The transition matrix as a table whose cells are shaded by their share.

use crate::disclosure::{Entry, ReleasedTransition};
use crate::output::plain_name;
use throughcare_linkage::timeline::state::State;

/// A cell: what it says and how dark it is, 0 to 9.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatrixCell {
    /// Share as a percentage, a marker, or empty when nobody moved or it is part of `OTHER`.
    pub text: String,
    /// Shade.
    pub shade: u8,
}

/// A row: a state that people left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatrixRow {
    /// Plain name of the state.
    pub name: String,
    /// Cells, in the order of [`Matrix::columns`].
    pub cells: Vec<MatrixCell>,
}

/// The matrix.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matrix {
    /// Plain names of the states entered.
    pub columns: Vec<String>,
    /// Rows.
    pub rows: Vec<MatrixRow>,
}

/// States in the order of the catalogue, others by code, `OTHER` last.
fn in_order<'a>(codes: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut codes: Vec<&str> = codes.collect();
    codes.sort_unstable_by_key(|&code| {
        let place = State::ALL.iter().position(|state| state.code() == code);
        // the dead are first in rank, but last in life
        let place = place.map_or(100, |place| if place == 0 { 99 } else { place });
        (code == "OTHER", place, code)
    });
    codes.dedup();
    codes
}

/// The matrix of the edges of one graph.
pub fn build(edges: &[&ReleasedTransition]) -> Matrix {
    let from = in_order(edges.iter().map(|edge| &*edge.from));
    let to = in_order(edges.iter().map(|edge| &*edge.to));
    let cell = |from: &str, to: &str| {
        let edge = edges.iter().find(|edge| edge.from == from && edge.to == to);
        match edge.map(|edge| edge.probability) {
            None => MatrixCell { text: String::new(), shade: 0 },
            Some(Entry::Marked(marker)) => {
                MatrixCell { text: super::words::bracketed(marker), shade: 0 }
            }
            Some(Entry::Shown(share)) => {
                let percent = share.value * 100.0;
                let text = if percent > 0.0 && percent < 0.5 {
                    "<1%".into()
                } else {
                    format!("{:.0}%", percent.round())
                };
                MatrixCell { text, shade: ((share.value.sqrt() * 9.0).round() as u8).clamp(1, 9) }
            }
        }
    };
    Matrix {
        columns: to.iter().map(|&code| plain_name(code).to_owned()).collect(),
        rows: from
            .iter()
            .map(|from| MatrixRow {
                name: plain_name(from).to_owned(),
                cells: to.iter().map(|to| cell(from, to)).collect(),
            })
            .collect(),
    }
}
