/**
 * An invalid manifest. The message names the line, the field and the reason. It repeats nothing of the manifest but
 * field names, since a URL in it may hold a credential.
 */
export class ManifestError extends Error {
  override readonly name = 'ManifestError';
  /** The place in the manifest, such as `assets[3].sha256`. Empty for the whole manifest. */
  readonly field: string;
  /** The line of the text, from 1 on. Absent when there is no text, as in {@link joinManifests}. */
  readonly line: number | undefined;

  constructor(reason: string, field: string, line?: number) {
    const place = ['Invalid manifest', line && `line ${line}`, field].filter(Boolean).join(', ');
    super(`${place}: ${reason}.`);
    this.field = field;
    this.line = line;
  }
}
