import { demo } from "../../../demo.js";

export const runtime = "edge";
export const GET = async () => Response.json(await demo({ pool: false }));
