//! HTTP scenarios on an in-process server with a simulated clock: real sockets, real files, no
//! sleeps. Time passes only when a test says so.

mod access;
mod backup;
mod damaged;
mod definitions;
mod deletion;
mod delivery;
mod harness;
mod hostile;
mod indicators;
mod intake;
mod ledger;
mod mail;
mod outbox;
mod people;
mod permissions;
mod practice;
mod process;
mod releases;
mod reminders;
mod remote_write;
mod replicas;
mod routes;
mod seals;
mod sender;
mod slices;
mod slos;
mod storage;
mod story;
mod telemetry;
mod web;
mod webhooks;
