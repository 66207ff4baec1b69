import { demo } from "../../demo.js";

export const load = async () => ({ results: JSON.stringify(await demo()) });
