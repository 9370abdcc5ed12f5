import pg from "pg";
import { expect, test } from "vitest";
import { isConnectionError, PostgresError } from "./errors.ts";

function databaseError(code: string): pg.DatabaseError {
  const error = new pg.DatabaseError("message", 7, "error");
  error.code = code;
  return error;
}

test.each([
  ["08006", "the connection failed"],
  ["25006", "the database is read-only"],
  ["28P01", "the password was changed"],
  ["53100", "the disk is full"],
  ["53300", "there are too many connections"],
  ["57P01", "an administrator ended the connection"],
  ["57P03", "the server is starting"],
  ["58030", "the disk fails"],
])("%s is a connection error: %s", (code) => {
  expect(isConnectionError(databaseError(code))).toBe(true);
});

test.each([
  ["23505", "a key exists already"],
  ["40001", "a transaction could not be serialised"],
  ["40P01", "two transactions waited for each other"],
  ["42P01", "there is no such table"],
  ["55P03", "a lock was not free in time"],
  ["57014", "a statement took too long"],
  ["22P02", "a value cannot be read"],
])("%s is an error of the statement: %s", (code) => {
  expect(isConnectionError(databaseError(code))).toBe(false);
});

test("what the operating system reports of a connection counts, also of several addresses at once", () => {
  const refused = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
  expect(isConnectionError(refused)).toBe(true);
  expect(isConnectionError(new AggregateError([refused, refused]))).toBe(true);
});

test("a connection error is found below the errors that were made of it", () => {
  const wrapped = new Error("cannot record", { cause: new PostgresError("DATABASE_UNAVAILABLE", "away") });
  expect(isConnectionError(wrapped)).toBe(true);
});

test("anything else is no connection error", () => {
  const ours = new PostgresError("TRANSACTION_ABORTED", "aborted");
  for (const value of [ours, new Error("Query failed"), "ECONNREFUSED", undefined, null]) {
    expect(isConnectionError(value)).toBe(false);
  }
});
