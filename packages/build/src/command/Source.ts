/** A file to list. */
export interface Source {
  /** The path in the manifest: an absolute URL, or a URL relative to the manifest's base. */
  readonly path: string;
  /** The name in messages. */
  readonly label: string;
  /** Opens the bytes as a page reads them. */
  open(): AsyncIterable<Uint8Array>;
}
