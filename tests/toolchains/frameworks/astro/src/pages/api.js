import { demo } from "../../demo.js";

export const GET = async () => Response.json(await demo());
