/** The version of topple; a test holds it equal to package.json's, which is not read at run time to start fast. */
export const version = "0.1.0";
