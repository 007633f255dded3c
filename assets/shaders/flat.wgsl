// Boxes with a cheap, even light: what counts is the colour, and it must be the one of the legend.
// Four vectors for each box: [colour, surface] [0, flags] [size, facing] [middle of the base, 0].

#import bevy_pbr::{mesh_functions, forward_io::VertexOutput}

@group(#{MATERIAL_BIND_GROUP}) @binding(0) var<storage, read> things: array<vec4<f32>>;

const RACK: f32 = 0.0;
const CABINET: f32 = 1.0;
const FANS: f32 = 2.0;
const TOWER: f32 = 3.0;
const COIL: f32 = 4.0;
const PIPE: f32 = 5.0;
const TILES: f32 = 6.0;
const GROUND: f32 = 7.0;
const TINT: f32 = 8.0;

// A line every unit of x, `wide` units being one pixel; it fades where lines would run into each other.
// Widths of pixels are taken from the position alone: what is read from a buffer is not there for the pixels beside
// the edge of a triangle that only serve as neighbours.
fn lines(x: f32, share: f32, pixel: f32) -> f32 {
    let wide = max(pixel, 1e-5);
    let at = abs(fract(x - 0.5) - 0.5);
    let line = 1.0 - smoothstep(share * 0.5, share * 0.5 + wide, at);
    return line * (1.0 - smoothstep(0.25, 0.7, wide));
}

fn is(surface: f32, code: f32) -> bool {
    return abs(surface - code) < 0.5;
}

// Discs in a row along the longer side: fans seen from above.
fn discs(place: vec2<f32>, size: vec2<f32>, pixel: f32) -> f32 {
    let count = max(round(size / min(size.x, size.y)), vec2(1.0));
    let cells = size / count;
    let pitch = min(cells.x, cells.y);
    let cell = (fract(place / cells) - vec2(0.5)) * cells;
    let radius = length(cell);
    let wide = max(pixel, 1e-4);
    let rim = smoothstep(0.42 * pitch - wide, 0.42 * pitch, radius);
    let angle = atan2(cell.y, cell.x);
    let blade = 0.12 * step(0.0, sin(angle * 5.0)) * (1.0 - smoothstep(0.05, 0.6, wide));
    let hub = 1.0 - smoothstep(0.08 * pitch, 0.08 * pitch + wide, radius);
    return mix(0.42 + blade + 0.3 * hub, 1.0, rim);
}

@fragment
fn fragment(in: VertexOutput) -> @location(0) vec4<f32> {
    let tag = mesh_functions::get_tag(in.instance_index) * 4u;
    let first = things[tag];
    let second = things[tag + 1u];
    let third = things[tag + 2u];
    let surface = first.w;
    let flags = u32(second.w + 0.5);
    let size = third.xyz;
    let facing = third.w;
    let normal = normalize(in.world_normal);
    let top = normal.y > 0.5;
    let along_z = abs(normal.z) > 0.5;
    // Metres along the face and up it.
    let local = in.world_position.xyz - things[tag + 3u].xyz + vec3(0.5 * size.x, 0.0, 0.5 * size.z);
    let wide = select(select(size.z, size.x, along_z), size.x, top);
    let high = select(size.y, size.z, top);
    let u = select(select(local.z, local.x, along_z), local.x, top);
    let v = select(local.y, local.z, top);
    let pixels = fwidth(in.world_position.xyz);
    let du = select(select(pixels.z, pixels.x, along_z), pixels.x, top);
    let dv = select(pixels.y, pixels.z, top);

    var colour = first.rgb;
    // An even light: from above, a little from one side, so that edges can be seen and colours still be read.
    var light = select(select(0.80, 0.88, along_z), 1.0, top);
    if is(surface, RACK) {
        // Deep racks stand along z or x; their fronts look along the shorter way of a row.
        let deep_z = size.z > size.x;
        let end_face = select(abs(normal.x) > 0.5, along_z, deep_z);
        let front = end_face && (select(normal.x, normal.z, deep_z) * facing > 0.0);
        if front {
            let slot = lines(v / 0.0445, 0.16, dv / 0.0445);
            light = light * (1.0 - 0.32 * slot);
            let frame = min(min(u, wide - u), min(v, high - v));
            light = light * select(1.0, 0.55, frame < 0.03);
            // A lamp on each machine.
            let lamp = step(abs(u - 0.08), 0.012) * step(abs(fract(v / 0.089) - 0.5), 0.12) * (1.0 - smoothstep(0.02, 0.06, dv));
            colour = mix(colour, vec3(0.75, 1.0, 0.8), lamp * 0.8);
        } else if end_face {
            light = light * (0.62 + 0.1 * lines(u / 0.05, 0.4, du / 0.05) + 0.1 * lines(v / 0.05, 0.4, dv / 0.05));
        } else if !top {
            colour = mix(colour, vec3(0.16, 0.17, 0.19), 0.72);
        }
    } else if is(surface, FANS) {
        if top { light = light * discs(vec2(u, v), vec2(wide, high), max(du, dv)); }
        else { light = light * (0.78 - 0.16 * lines(v / 0.12, 0.4, dv / 0.12)); }
    } else if is(surface, TOWER) {
        if top { light = light * discs(vec2(u, v), vec2(wide, high), max(du, dv)); }
        else { light = light * (0.86 - 0.3 * lines(v / 0.22, 0.45, dv / 0.22) * step(v, 0.55 * high)); }
    } else if is(surface, COIL) {
        if !top { light = light * (0.9 - 0.3 * lines(u / 0.09, 0.3, du / 0.09) * step(0.25, v) * step(v, high - 0.35)); }
    } else if is(surface, CABINET) {
        if !top {
            let leaf = max(wide / max(round(wide / 0.8), 1.0), 0.1);
            let door = lines(u / leaf, 0.03, du / leaf);
            light = light * (1.0 - 0.35 * door);
        }
    } else if is(surface, PIPE) {
        light = light * (0.85 + 0.15 * normal.y);
    } else if is(surface, TILES) {
        let grid = max(lines(in.world_position.x / 0.6, 0.03, pixels.x / 0.6), lines(in.world_position.z / 0.6, 0.03, pixels.z / 0.6));
        light = light * (1.0 - 0.14 * grid);
    } else if is(surface, GROUND) {
        let grid = max(lines(in.world_position.x / 5.0, 0.01, pixels.x / 5.0), lines(in.world_position.z / 5.0, 0.01, pixels.z / 5.0));
        light = light * (1.0 - 0.18 * grid);
    } else if is(surface, TINT) {
        colour = mix(vec3(0.30, 0.32, 0.36), colour, 0.62);
        light = 1.0;
    }
    // Edges of boxes.
    if surface < PIPE - 0.5 {
        let edge = min(min(u, wide - u), min(v, high - v));
        let pixel = max(max(du, dv), 1e-4);
        light = light * mix(0.62, 1.0, smoothstep(0.4 * pixel, 1.6 * pixel, edge));
    }
    colour = colour * light;
    if (flags & 1u) != 0u {
        let edge = min(min(u, wide - u), min(v, high - v));
        let pixel = max(max(du, dv), 1e-4);
        let frame = 1.0 - smoothstep(max(0.05, 2.0 * pixel), max(0.06, 3.0 * pixel), edge);
        colour = mix(colour * 1.12, vec3(1.0), frame);
    }
    if (flags & 2u) != 0u && top {
        let stripe = step(0.5, fract((u + v) * 4.0));
        colour = mix(colour, vec3(0.85, 0.1, 0.08), 0.75 * stripe);
    }
    return vec4(colour, 1.0);
}
