/** The releases that the demo asks jsDelivr for. The build checks that they are the ones this workspace has. */
export const ONNXRUNTIME_VERSION = '1.30.0';

/** The newest first. */
export const PYODIDE_VERSIONS = ['314.0.7', '314.0.6'] as const;
