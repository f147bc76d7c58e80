import type {Reporter, TestModule} from 'vitest/node';

/** Ends a run with one plain line that people and machines can read: `312 passed, 0 failed, 0 skipped`. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: string): number => tests.filter((test) => test.result().state === state).length;
    // Vitest prints its own summary first when this waits for the end of the process.
    process.once('exit', () => {
      console.log(`${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`);
    });
  }
}
