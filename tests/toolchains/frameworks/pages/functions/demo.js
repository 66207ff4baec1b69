import { demo } from "../demo.js";

export const onRequestGet = async () => Response.json(await demo({ pool: false }));
