/** A file to list. */
export interface Source {
  /** What the manifest calls it: an absolute URL, or one relative to the manifest's base. */
  readonly path: string;
  /** What a person calls it. */
  readonly label: string;
  /** Its bytes, as a page reads them. */
  open(): AsyncIterable<Uint8Array>;
}
