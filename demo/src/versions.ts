/** The versions that the demo loads from jsDelivr. The build checks that the workspace has them installed. */
export const ONNXRUNTIME_VERSION = '1.30.0';

/** Newest first. */
export const PYODIDE_VERSIONS = ['314.0.7', '314.0.6'] as const;
