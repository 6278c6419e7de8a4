//! Columns to and from the crate `arrow2`, for pipelines that are still written on it.
//!
//! Both sides implement the Arrow C Data Interface, whose two structs have one published layout, so
//! a column crosses without a copy. The crate is not maintained: the feature `arrow2` is off by
//! default and nothing in the engine uses it (`docs/decisions/0001-arrow.md`).
//!
//! # Example
//!
//! ```
//! use arrow_array::{Array, ArrayRef, Int32Array};
//! use std::sync::Arc;
//! use throughcare_linkage::interop::arrow2::{from_arrow2, to_arrow2};
//!
//! let column: ArrayRef = Arc::new(Int32Array::from(vec![Some(1), None, Some(3)]));
//! let theirs = to_arrow2(&column)?;
//! assert_eq!(theirs.null_count(), 1);
//! assert_eq!(&from_arrow2(theirs)?, &column);
//! # Ok::<(), throughcare_linkage::interop::arrow2::InteropError>(())
//! ```

use arrow_array::{Array, ArrayRef, ffi, make_array};
use arrow_schema::{ArrowError, DataType};
use std::mem::{ManuallyDrop, align_of, size_of};

/// Why a column could not cross.
#[derive(Debug, thiserror::Error)]
pub enum InteropError {
    /// `arrow2` does not know the type; cast the column first.
    #[error("arrow2 does not know the type {0}; cast the column first, views to Utf8 or Binary")]
    UnknownType(DataType),
    /// The arrow-rs side refused.
    #[error("the column cannot be handed over: {0}")]
    Arrow(#[from] ArrowError),
    /// The arrow2 side refused.
    #[error("arrow2 does not take the column: {0}")]
    Arrow2(#[from] ::arrow2::error::Error),
}

/// Hands a column to `arrow2`, without a copy.
///
/// # Errors
///
/// The type is one that `arrow2` does not know: views, run-end encoding, small decimals.
pub fn to_arrow2(column: &dyn Array) -> Result<Box<dyn ::arrow2::array::Array>, InteropError> {
    check_type(column.data_type())?;
    let (array, schema) = ffi::to_ffi(&column.to_data())?;
    let (array, schema) = hand_over(array, schema);
    // SAFETY: both structs were exported just now by arrow-rs, which fills in the null count that
    // arrow2 takes on trust, and ownership moved here: nobody else releases them.
    #[allow(unsafe_code, reason = "the C Data Interface has no safe door")]
    unsafe {
        let field = ::arrow2::ffi::import_field_from_c(&schema)?;
        Ok(::arrow2::ffi::import_array_from_c(array, field.data_type)?)
    }
}

/// Takes a column from `arrow2`, without a copy.
///
/// # Errors
///
/// The type is one that arrow-rs does not know.
pub fn from_arrow2(column: Box<dyn ::arrow2::array::Array>) -> Result<ArrayRef, InteropError> {
    let field = ::arrow2::datatypes::Field::new("", column.data_type().clone(), true);
    let schema = ::arrow2::ffi::export_field_to_c(&field);
    let array = ::arrow2::ffi::export_array_to_c(column);
    let (array, schema) = take_over(array, schema);
    // SAFETY: both structs were exported just now by arrow2 for this very array, and ownership moved
    // here: nobody else releases them.
    #[allow(unsafe_code, reason = "the C Data Interface has no safe door")]
    let data = unsafe { ffi::from_ffi(array, &schema)? };
    Ok(make_array(data))
}

fn check_type(data_type: &DataType) -> Result<(), InteropError> {
    match data_type {
        DataType::Utf8View
        | DataType::BinaryView
        | DataType::ListView(_)
        | DataType::LargeListView(_)
        | DataType::RunEndEncoded(_, _)
        | DataType::Decimal32(_, _)
        | DataType::Decimal64(_, _) => Err(InteropError::UnknownType(data_type.clone())),
        DataType::Dictionary(_, values) => check_type(values),
        _ => Ok(()),
    }
}

// The structs of both crates are the `#[repr(C)]` structs of the C Data Interface.
const _: () = {
    assert!(size_of::<ffi::FFI_ArrowArray>() == size_of::<::arrow2::ffi::ArrowArray>());
    assert!(align_of::<ffi::FFI_ArrowArray>() == align_of::<::arrow2::ffi::ArrowArray>());
    assert!(size_of::<ffi::FFI_ArrowSchema>() == size_of::<::arrow2::ffi::ArrowSchema>());
    assert!(align_of::<ffi::FFI_ArrowSchema>() == align_of::<::arrow2::ffi::ArrowSchema>());
};

/// Moves a value into a type of the same published layout; the source is not dropped.
#[allow(unsafe_code, reason = "the C Data Interface has no safe door")]
fn move_as<From, To>(value: From) -> To {
    const { assert!(size_of::<From>() == size_of::<To>() && align_of::<From>() == align_of::<To>()) };
    let value = ManuallyDrop::new(value);
    // SAFETY: size and alignment are equal, both types are the same struct of the C Data Interface,
    // and the source is never used or dropped again.
    unsafe { std::ptr::read((&raw const *value).cast::<To>()) }
}

fn hand_over(
    array: ffi::FFI_ArrowArray,
    schema: ffi::FFI_ArrowSchema,
) -> (::arrow2::ffi::ArrowArray, ::arrow2::ffi::ArrowSchema) {
    (move_as(array), move_as(schema))
}

fn take_over(
    array: ::arrow2::ffi::ArrowArray,
    schema: ::arrow2::ffi::ArrowSchema,
) -> (ffi::FFI_ArrowArray, ffi::FFI_ArrowSchema) {
    (move_as(array), move_as(schema))
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::types::Int32Type;
    use arrow_array::{
        BooleanArray, Date32Array, DictionaryArray, FixedSizeBinaryArray, StringArray,
        StringViewArray, UInt64Array,
    };
    use std::sync::Arc;

    fn columns() -> Vec<ArrayRef> {
        let texts = [Some("RES"), None, Some("NURS"), Some("RES"), Some("COMM"), None];
        let keys: DictionaryArray<Int32Type> = texts.into_iter().collect();
        let ids: Vec<[u8; 16]> = (0..6u8).map(|n| [n; 16]).collect();
        vec![
            Arc::new(UInt64Array::from_iter_values([1, u64::MAX, 3, 4, 5, 6])),
            Arc::new(Date32Array::from(vec![Some(19_448), None, Some(0), Some(-1), None, Some(7)])),
            Arc::new(StringArray::from(texts.to_vec())),
            Arc::new(BooleanArray::from(vec![
                Some(true),
                None,
                Some(false),
                None,
                None,
                Some(true),
            ])),
            Arc::new(keys),
            Arc::new(FixedSizeBinaryArray::try_from_iter(ids.iter()).unwrap()),
        ]
    }

    #[test]
    fn columns_come_back_equal_whole_sliced_and_empty() {
        for column in columns() {
            for part in [column.clone(), column.slice(2, 3), column.slice(0, 0)] {
                let theirs = to_arrow2(&part).unwrap();
                assert_eq!(theirs.len(), part.len());
                assert_eq!(&from_arrow2(theirs).unwrap(), &part);
            }
        }
    }

    #[test]
    fn a_column_crosses_without_a_copy() {
        let column = UInt64Array::from_iter_values(0..1000);
        let before = column.values().as_ptr();
        let back = from_arrow2(to_arrow2(&column).unwrap()).unwrap();
        let back = back.as_any().downcast_ref::<UInt64Array>().unwrap();
        assert_eq!(back.values().as_ptr(), before);
    }

    #[test]
    fn a_type_that_arrow2_does_not_know_is_named() {
        let views = StringViewArray::from(vec!["a"]);
        let error = to_arrow2(&views).err().unwrap().to_string();
        assert!(error.contains("Utf8View") && error.contains("cast"), "{error}");
    }
}
