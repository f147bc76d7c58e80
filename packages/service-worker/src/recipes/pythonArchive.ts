/**
 * Source of a regular expression for the file name of a wheel, of its metadata, or of a source archive. The version
 * begins after the first dash before a digit; in a source archive after the last one, because old names have dashes:
 * `py-3-foo-1.0.tar.gz`. Either way the first dash that is tried is the right one, so this takes linear time.
 * https://packaging.python.org/en/latest/specifications/binary-distribution-format/#file-name-convention
 * https://peps.python.org/pep-0658/
 */
export const PYTHON_ARCHIVE =
  String.raw`(?<project>(?=[^/?#]*\.whl(?:\.metadata)?(?:[?#]|$))[^/?#](?:(?!-\d)[^/?#])*|` +
  String.raw`(?=[^/?#]*\.(?:tar\.gz|zip)(?:[?#]|$))[^/?#]+)-(?<version>\d[^/?#-]*)` +
  String.raw`(?:(?:-[^/?#]*)?\.whl(?:\.metadata)?|(?:-(?!\d)[^/?#-]*)*\.(?:tar\.gz|zip))(?=[?#]|$)`;
