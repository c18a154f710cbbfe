/** Says why the folder could not become a project as it is. */
export default async function invalid(options: { problem: string }): Promise<{ success: boolean }> {
  console.error(options.problem);
  return { success: false };
}
