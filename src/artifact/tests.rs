//! Per inspector one healthy artifact and several broken ones; and hostile input for all of them.

mod attestation;
mod cross;
mod crash_report;
mod hostile;
mod jwt;
mod pem;
mod plists;
mod profile;
mod web;
