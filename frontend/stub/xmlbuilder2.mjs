/** vtk.js names an XML writer that no viewer calls and that needs Node; this keeps it out of the bundle. */
export const create = () => {
  throw new Error("XML writing is not part of the viewers");
};
export default { create };
