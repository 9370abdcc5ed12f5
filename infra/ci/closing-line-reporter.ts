import type { Reporter, TestModule } from "vitest/node";

/** Ends a run with one plain line that any machine can read: `N passed, N failed, N skipped`. */
export default class ClosingLineReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const states = modules.flatMap((module) =>
      [...module.children.allTests()].map((test) => test.result().state),
    );
    const count = (state: string) => states.filter((one) => one === state).length;
    // A file that cannot even be loaded has no tests to fail.
    const unloadable = modules.filter(
      (module) => module.state() === "failed" && module.errors().length > 0,
    ).length;
    const skipped = count("skipped") + count("pending");
    process.stdout.write(
      `\n${count("passed")} passed, ${count("failed") + unloadable} failed${skipped > 0 ? `, ${skipped} skipped` : ""}\n`,
    );
  }
}
