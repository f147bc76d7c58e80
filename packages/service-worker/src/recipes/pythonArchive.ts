/**
 * The file name of a wheel or of a source archive, or of the metadata beside a wheel, as the source of a
 * regular expression. The version follows the first dash that a digit follows; in a source archive the last
 * one, because old names have dashes: `py-3-foo-1.0.tar.gz`.
 * https://packaging.python.org/en/latest/specifications/binary-distribution-format/#file-name-convention
 * https://peps.python.org/pep-0658/
 */
export const PYTHON_ARCHIVE =
  String.raw`(?<project>[^/?#]+?)-(?<version>\d[^/?#-]*)` +
  String.raw`(?:(?:-[^/?#]*)?\.whl(?:\.metadata)?|(?:-(?!\d)[^/?#-]*)*\.(?:tar\.gz|zip))(?=[?#]|$)`;
