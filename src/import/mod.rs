//! Rows of other programs become records and entries, by a mapping that says which column is which field.
//!
//! [`mapping`] is the file a user writes, [`Unread`] what is wrong with one, [`cell`] what one field makes of one row, and [`row`] what a row becomes.
//! Nothing here touches the disk: the files a mapping looks things up in are handed over. A new thing a mapping can do to a
//! value is a key of [`mapping::Spec`] and a step in [`cell`].

pub mod cell;
pub mod mapping;
pub mod row;
mod unread;

pub use unread::Unread;
