import type {Manifest} from '@holdfast/manifest';
import type {LineName, StageProgress, StageReport, SwitchAnswer} from '@holdfast/service-worker/messages';
import {HoldfastError} from './HoldfastError.ts';
import type {JobOptions} from './runJob.ts';
import {runStage, shownLine} from './runStage.ts';
import {persistence} from './thisPage.ts';
import type {TimeLimit} from './withTimeLimit.ts';
import {ask} from './workerLink.ts';

/** Options of {@link Line.stage}. */
export interface StageOptions extends JobOptions<StageProgress> {
  /**
   * The release's files: the URL of a manifest, which the worker reads, relative to the page; or what a reader of
   * `@holdfast/manifest` returns.
   *
   * @default the manifest that this version was staged with before
   */
  manifest?: Manifest | string | URL | undefined;
  /**
   * URL in the manifest → path, for files that are kept in the origin private file system instead of the cache: a
   * database that is opened there, say. The report has the path of each.
   */
  files?: Readonly<Record<string, string>> | undefined;
  /**
   * Request headers with a token, for private files: `{authorization: 'Bearer hf_…'}`. The worker sends them to one origin
   * only: that of the manifest, if another host than the app's has it, or else that of the first file. The worker keeps
   * them in memory; after it was killed, the page sends them again. The files are stored for the account of the token.
   *
   * @default none
   */
  headers?: Readonly<Record<string, string>> | undefined;
}

/** Options of {@link Line.verify}. */
export interface VerifyOptions extends JobOptions<StageProgress> {
  /** @default the current version */
  version?: string | undefined;
  /** Those of {@link StageOptions}: without them, private files are not verified. */
  headers?: Readonly<Record<string, string>> | undefined;
}

/** Options of {@link Line.switchTo}. */
export interface SwitchOptions extends TimeLimit {
  /**
   * How many of the releases that were current before are kept for a {@link Line.rollback}. At the first switch of a
   * line, the release that was used last counts as the one before.
   *
   * @default 1
   */
  keep?: number | undefined;
  /**
   * Deletes all other releases of the line at once, also those that are kept, staged or in use. Pages that use them
   * continue with the new one.
   *
   * @default false
   */
  evictNow?: boolean | undefined;
  /**
   * Makes a version current of which nothing is stored. Its cache fills as pages request its files. The worker deletes no
   * other release until the next switch.
   *
   * @default false
   */
  allowEmpty?: boolean | undefined;
}

/** What {@link Line.stage} did. */
export interface StageResult extends StageReport {
  /** Whether the browser promises not to clear the storage; `undefined` while it has not answered. */
  persisted: boolean | undefined;
}

/** A line: the releases that replace one another. See {@link line}. */
export class Line {
  private readonly line: LineName;

  constructor(line: LineName) {
    this.line = line;
  }

  /**
   * Downloads and verifies every file of a release, beside the current one. What another staged release has already is
   * copied from there. Afterwards, {@link switchTo} needs no network.
   *
   * Until the switch, and if anything fails, the current release stays as it is. What is stored stays, and the next
   * call resumes: also in another page, or after a reload. Pages that stage the same release share the work.
   *
   * Where much is to be stored, it asks the browser for persistent storage, once in the life of a page, and does not
   * wait for the answer.
   *
   * @throws StageError (a HoldfastError `stage-failed`) if a file cannot be stored; the signal's reason; HoldfastError
   * `no-worker`, `unsupported` (the worker has no staging), `refused` (no manifest is known, the manifest cannot be
   * read or is of another release, no route has the line, or storage failed), `timeout`.
   */
  async stage(
    version: string,
    {manifest, files, headers, ...options}: StageOptions = {},
  ): Promise<StageResult> {
    const isUrl = typeof manifest === 'string' || manifest instanceof URL;
    const persisted = persistence.askIfLarge(isUrl ? undefined : manifest);
    const read = isUrl ? new URL(manifest, document.baseURI).href : manifest;
    const report = await runStage({line: this.line, version, manifest: read, files, headers}, options);
    return {...report, persisted: persisted()};
  }

  /**
   * Makes a version the current one, in one step: for new pages, and for this one. Other open pages keep the release
   * that they use until they are closed or reloaded.
   *
   * The worker keeps the release that was current before (`keep`), the releases that open pages use, and those that are
   * staged and not superseded. It deletes the other releases of the line. At the first switch of a line, the release that
   * was used last counts as the one before.
   *
   * A version that was staged has to be complete. Of any other version, something has to be stored, since pages requested
   * it by URLs with the version; otherwise `allowEmpty` is needed, and the worker deletes nothing.
   *
   * @param options `timeoutSeconds` is 10 by default.
   * @returns `evicted`: the versions whose caches were deleted; `kept`: the other versions that still have one.
   * @throws HoldfastError `no-worker`, `refused` (nothing of the version is stored, it was staged and is not
   * complete, no route has the line, or storage failed), `timeout`.
   */
  switchTo(version: string, {timeoutSeconds = 10, ...options}: SwitchOptions = {}): Promise<SwitchAnswer> {
    return ask('HOLDFAST_SWITCH_VERSION', {line: this.line, version, ...options}, timeoutSeconds);
  }

  /**
   * Makes the version current that was current before, as {@link switchTo} does. The one that it replaces is kept
   * instead.
   *
   * @param options `timeoutSeconds` is 10 by default.
   * @throws HoldfastError `no-worker`, `refused` (no previous release is kept, it is no longer stored, or it is not
   * complete), `timeout`.
   */
  rollback({timeoutSeconds = 10}: TimeLimit = {}): Promise<SwitchAnswer> {
    return ask('HOLDFAST_ROLLBACK', {line: this.line}, timeoutSeconds);
  }

  /**
   * Returns the current version; `null` if none was made current yet.
   *
   * @param options `timeoutSeconds` is 10 by default.
   * @throws HoldfastError `no-worker`, `refused`, `timeout`.
   */
  async current({timeoutSeconds = 10}: TimeLimit = {}): Promise<string | null> {
    return (await ask('HOLDFAST_CURRENT_VERSION', {line: this.line}, timeoutSeconds)).version;
  }

  /**
   * Reads every stored file of a staged release and compares it with the manifest. Files that are damaged or missing
   * are downloaded again.
   *
   * @returns what it did: `damaged` has the keys of the files that were damaged.
   * @throws StageError (a HoldfastError `stage-failed`) if a file cannot be replaced; the signal's reason;
   * HoldfastError `no-worker`, `unsupported`, `refused` (no version is current, or the release was never staged),
   * `timeout`.
   */
  async verify({version, headers, ...options}: VerifyOptions = {}): Promise<StageReport> {
    const checked = version ?? (await this.current());
    if (checked === null) {
      throw new HoldfastError('refused', `No version of ${shownLine(this.line)} is current.`);
    }
    return runStage({line: this.line, version: checked, headers}, options);
  }
}

/**
 * Returns a line, to stage its releases and to switch between them. It asks the worker nothing yet.
 *
 * @param name the `name` of `release()`, or the `prefix` of `versionScope()`. Without values it may be a line's whole
 * name, as `releases()` lists it.
 * @param values the values that select one of the route's lines, e.g. `{locale: 'en-us'}`.
 */
export const line = (name: string, values?: Readonly<Record<string, string>>): Line =>
  new Line({name, values});
