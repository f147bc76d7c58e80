/**
 * A manifest that cannot be used, and why. The message names the line and the field. It repeats no text of the
 * manifest but names, since a URL in there may hold a credential.
 */
export class ManifestError extends Error {
  override readonly name = 'ManifestError';
  /** Where in the manifest, e.g. `assets[3].sha256`. Empty when it is about the whole. */
  readonly field: string;
  /** The line of the text, from 1 on. Absent when there is no text, as in {@link joinManifests}. */
  readonly line: number | undefined;

  constructor(reason: string, field: string, line?: number) {
    const place = ['Bad manifest', line && `line ${line}`, field].filter(Boolean).join(', ');
    super(`${place}: ${reason}.`);
    this.field = field;
    this.line = line;
  }
}
