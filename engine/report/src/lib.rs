//! The report of a finished run.
//!
//! A report is made once as a [`Document`](document::Document): plain data in which every figure is computed and every
//! sentence is worded. Renderers turn it into files and add nothing.
#![forbid(unsafe_code)]

pub mod document;
pub mod profiles;
pub mod xlsx;
