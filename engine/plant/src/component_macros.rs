//! The macros that a component file is written with: `parameters!`, `inputs!`, `outputs!`, `component!`.
//!
//! Each turns one declaration into a struct that the equations use and into the constants that everybody
//! else reads, so that the two cannot differ.

/// Declares the parameters of a component: `struct Parameters<V>` and its `FIELDS`.
///
/// Three sections, each optional: `given` quantities, `choices` among names and whole `counts`, and
/// values `derived` by `size`.
#[macro_export]
macro_rules! parameters {
    (
        $(given { $(
            $(#[doc = $doc:literal])+
            $name:ident : $quantity:ident in $low:literal ..= $high:literal
                $(usual $from:literal ..= $to:literal)? $(default $default:literal)? ;
        )* })?
        $(counts { $(
            $(#[doc = $cdoc:literal])+
            $cname:ident in $clow:literal ..= $chigh:literal default $cdefault:literal ;
        )* })?
        $(choices { $(
            $(#[doc = $odoc:literal])+
            $oname:ident : [$($option:ident),+] default $odefault:ident ;
        )* })?
        $(derived { $(
            $(#[doc = $ddoc:literal])+
            $dname:ident : $dquantity:ident ;
        )* })?
    ) => {
        /// What the data sheet fixes for the whole run.
        #[derive(Clone, Copy, Debug)]
        pub struct Parameters<V> {
            $($( $(#[doc = $doc])+ pub $name: V, )*)?
            $($( $(#[doc = $cdoc])+ pub $cname: V, )*)?
            $($( $(#[doc = $odoc])+ pub $oname: V, )*)?
            $($( $(#[doc = $ddoc])+ pub $dname: V, )*)?
        }
        /// The parameters as declared, in the order of their values.
        pub const FIELDS: &[$crate::declare::Field] = &[
            $($( $crate::declare::Field {
                name: stringify!($name), doc: concat!($($doc),+),
                form: $crate::declare::Form::Quantity {
                    quantity: ::units::Quantity::$quantity,
                    bounds: ($low, $high),
                    usual: $crate::parameters!(@pair $($from, $to)?),
                },
                default: $crate::parameters!(@option $($default)?),
            }, )*)?
            $($( $crate::declare::Field {
                name: stringify!($cname), doc: concat!($($cdoc),+),
                form: $crate::declare::Form::Count { bounds: ($clow, $chigh) },
                default: Some(stringify!($cdefault)),
            }, )*)?
            $($( $crate::declare::Field {
                name: stringify!($oname), doc: concat!($($odoc),+),
                form: $crate::declare::Form::Choice(&[$(stringify!($option)),+]),
                default: Some(stringify!($odefault)),
            }, )*)?
            $($( $crate::declare::Field {
                name: stringify!($dname), doc: concat!($($ddoc),+),
                form: $crate::declare::Form::Derived(::units::Quantity::$dquantity),
                default: None,
            }, )*)?
        ];
        impl<V: Copy> Parameters<V> {
            /// From the values in the order of [`FIELDS`].
            pub fn from_values(values: &[V]) -> Self {
                let mut values = values.iter().copied();
                let mut next = || values.next().unwrap_or_else(|| unreachable!("one value for each field"));
                Parameters {
                    $($( $name: next(), )*)?
                    $($( $cname: next(), )*)?
                    $($( $oname: next(), )*)?
                    $($( $dname: next(), )*)?
                }
            }
            /// The values in the order of [`FIELDS`].
            pub fn to_values(&self) -> Vec<V> {
                vec![
                    $($( self.$name, )*)?
                    $($( self.$cname, )*)?
                    $($( self.$oname, )*)?
                    $($( self.$dname, )*)?
                ]
            }
        }
    };
    (@pair) => { None };
    (@pair $a:literal, $b:literal) => { Some(($a, $b)) };
    (@option) => { None };
    (@option $a:literal) => { Some($a) };
}

/// Declares what the network supplies: `struct Inputs<R>` and its `INPUTS`.
#[macro_export]
macro_rules! inputs {
    ($( $(#[doc = $doc:literal])+ $name:ident : $role:expr ; )*) => {
        /// What the network supplies at each evaluation.
        #[derive(Clone, Copy, Debug)]
        pub struct Inputs<R> { $( $(#[doc = $doc])+ pub $name: R, )* }
        /// The inputs as declared.
        pub const INPUTS: &[$crate::declare::Input] = &[
            $( $crate::declare::Input { name: stringify!($name), doc: concat!($($doc),+), role: $role }, )*
        ];
        impl<R: Copy> From<[R; INPUTS.len()]> for Inputs<R> {
            fn from([$($name),*]: [R; INPUTS.len()]) -> Self {
                Inputs { $($name),* }
            }
        }
    };
}

/// Declares what the component gives back: `struct Outputs<R>` and its `OUTPUTS`.
#[macro_export]
macro_rules! outputs {
    ($( $(#[doc = $doc:literal])+ $name:ident : $effect:expr ; )*) => {
        /// What the component gives back.
        #[derive(Clone, Copy, Debug)]
        pub struct Outputs<R> { $( $(#[doc = $doc])+ pub $name: R, )* }
        /// The outputs as declared.
        pub const OUTPUTS: &[$crate::declare::Output] = &[
            $( $crate::declare::Output { name: stringify!($name), doc: concat!($($doc),+), effect: $effect }, )*
        ];
        impl<R: Copy> From<Outputs<R>> for [R; OUTPUTS.len()] {
            fn from(outputs: Outputs<R>) -> Self {
                [$(outputs.$name),*]
            }
        }
    };
}

/// Ties a component file together: `component!(DryCooler, "dry cooler", PAGE { ports: …, … })`.
///
/// Sections that a component does not have are left out. `size` (a function
/// `fn(&mut Parameters<f64>, &Surroundings) -> Result<(), String>`) computes derived parameters.
#[macro_export]
macro_rules! component {
    ($kind:ident, $label:literal, $file:literal { $($section:ident : $value:expr),* $(,)? }) => {
        #[doc = concat!("The kind `", stringify!($kind), "`: ", $label, ".")]
        #[derive(Clone, Copy, Debug)]
        pub struct $kind;

        impl $crate::kernel::Component<{ INPUTS.len() }, { OUTPUTS.len() }> for $kind {
            type Parameters<V: ::real::Real> = Parameters<V>;
            fn parameters<V: ::real::Real>(values: &[V]) -> Parameters<V> {
                Parameters::from_values(values)
            }
            #[inline(always)]
            fn evaluate<R: ::real::Real>(
                parameters: &Parameters<R::Value>,
                inputs: [R; INPUTS.len()],
            ) -> [R; OUTPUTS.len()] {
                evaluate(parameters, &Inputs::from(inputs)).into()
            }
        }

        #[allow(clippy::needless_update)] // a component may have every section
        const DECLARATION: $crate::declare::Declaration = {
            let mut declaration = $crate::declare::Declaration {
                name: stringify!($kind),
                label: $label,
                page: include_str!($file),
                parameters: FIELDS,
                ports: &[],
                states: &[],
                actuators: &[],
                regulators: &[],
                switches: &[],
                inputs: INPUTS,
                outputs: OUTPUTS,
                limits: &[],
                series: None,
            };
            $( $crate::component!(@section declaration $section $value); )*
            declaration
        };

        impl $crate::kernel::Kind for $kind {
            fn declaration(&self) -> &'static $crate::declare::Declaration {
                const { &DECLARATION }
            }
            fn size(
                &self,
                values: &mut [f64],
                surroundings: &$crate::kernel::Surroundings,
            ) -> Result<(), String> {
                type Size = fn(&mut Parameters<f64>, &$crate::kernel::Surroundings) -> Result<(), String>;
                let sizing: &[Option<Size>] = &[$( $crate::component!(@size $section $value) ),*];
                for size in sizing.iter().flatten() {
                    let mut parameters = Parameters::from_values(values);
                    size(&mut parameters, surroundings)?;
                    values.copy_from_slice(&parameters.to_values());
                }
                Ok(())
            }
            fn batch(&self, instances: Vec<$crate::kernel::Instance>) -> Box<dyn $crate::kernel::Kernel> {
                $crate::kernel::batch::<$kind, { INPUTS.len() }, { OUTPUTS.len() }>(instances)
            }
            fn tile_batch(
                &self,
                instances: &[$crate::kernel::Instance],
                active: &[usize],
            ) -> Box<dyn $crate::kernel::TileKernel> {
                $crate::kernel::tile_batch::<$kind, { INPUTS.len() }, { OUTPUTS.len() }>(instances, active)
            }
            fn evaluate(&self, values: &[f64], inputs: &[f64]) -> Vec<f64> {
                $crate::kernel::evaluate_once::<$kind, { INPUTS.len() }, { OUTPUTS.len() }>(values, inputs)
            }
            fn linearize(&self, values: &[f64], inputs: &[f64]) -> Vec<Vec<f64>> {
                $crate::kernel::linearize_once::<$kind, { INPUTS.len() }, { OUTPUTS.len() }>(values, inputs)
            }
        }
    };
    (@section $d:ident size $value:expr) => {};
    (@section $d:ident $section:ident $value:expr) => { $d.$section = $value; };
    (@size size $value:expr) => { Some($value) };
    (@size $section:ident $value:expr) => { None };
}
